import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { spaceReadme } from "./readme.ts";

const card = { graphName: "Loud: thoughts", port: 7860, scopes: ["inference-api"] };
const front = (readme: string) => parse(/^---\n([\s\S]*?)\n---\n/.exec(readme)![1]!);

describe("spaceReadme", () => {
  test("a new one is whole, and quotes what YAML would misread", () => {
    const readme = spaceReadme({ ...card, title: 'yes: "no" #1' }, undefined);
    expect(front(readme)).toMatchObject({
      title: 'yes: "no" #1',
      sdk: "docker",
      app_port: 7860,
      hf_oauth: true,
      hf_oauth_scopes: ["inference-api"],
    });
    expect(readme).toContain('# yes: "no" #1\n');
  });

  test("making it of itself changes nothing", () => {
    const readme = spaceReadme(card, undefined);
    expect(spaceReadme(card, readme)).toBe(readme);
  });

  test("what somebody wrote stays, comments too; what is ours is set", () => {
    const earlier =
      "---\ntitle: Theirs\nemoji: 🐳 # a whale\nlicense: mit\nsdk: gradio\nsdk_version: 6.0.0\napp_file: app.py\nhf_oauth: true\n---\n\nTheir words\n---\nmore\n";
    const readme = spaceReadme({ ...card, scopes: undefined }, earlier);
    expect(front(readme)).toMatchObject({ title: "Theirs", emoji: "🐳", license: "mit", sdk: "docker" });
    expect(front(readme)).not.toHaveProperty("sdk_version");
    expect(front(readme)).not.toHaveProperty("hf_oauth");
    expect(readme).toContain("# a whale");
    expect(readme).toMatch(/\n---\n\nTheir words\n---\nmore\n$/);
  });

  test.each([
    ["", /# Loud: thoughts/],
    ["# Only words\n", /---\n\n# Only words\n$/],
    ["---\n---\n", /# Loud: thoughts/],
    ["---\r\ntitle: Windows\r\nsdk: docker\r\n---\r\nText\r\n", /title: Windows[\s\S]*---\nText\r\n$/],
    [
      "---\ntitle: New\n---\n\nCheck out the configuration reference at https://huggingface.co/docs\n",
      /# New/,
    ],
  ])("also of %j", (earlier, expected) => {
    expect(spaceReadme(card, earlier)).toMatch(expected);
    expect(front(spaceReadme(card, earlier))).toMatchObject({ sdk: "docker" });
  });

  test.each(["---\ntitle: [\n---\n", "---\n- a list\n---\n"])("refuses %j", (earlier) => {
    expect(() => spaceReadme(card, earlier)).toThrow(/front matter/);
  });
});
