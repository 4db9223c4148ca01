import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { root, runDaggr, temporaryFolder } from "../cli/command.ts";
import { startLanguageModel } from "../language-model/language-model.ts";
import { pythonPath, startPython } from "../support/python.ts";

const execute = promisify(execFile);
const example = (name: string): string => join(root, "examples", name);

/** Runs an example as its README says, in a folder of its own. */
async function runExample(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const cwd = temporaryFolder();
  const { code, stdout, stderr } = await runDaggr(["run", join(example(name), "app.ts"), "--json", ...args], {
    cwd,
    env,
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${stderr}`);
  return { outputs: JSON.parse(stdout) as Record<string, Record<string, any>>, stderr, cwd };
}

describe("03-storyboard", () => {
  test("draws every scene, mounts them on one sheet and joins them to a film", async () => {
    const { outputs, cwd } = await runExample("03-storyboard");
    expect(outputs["plan shots"]?.list).toHaveLength(6);
    const images: string[] = outputs["draw"]?.image;
    expect(images).toHaveLength(6);
    // Each is a picture of its own: no two are alike.
    expect(new Set(images.map((image) => readFileSync(image).toString("base64"))).size).toBe(6);
    expect(outputs["caption"]?.text[1]).toMatch(/^Medium shot\. The boat sails/);
    const sheet = outputs["contact sheet"]?.image;
    expect(sheet.startsWith(cwd)).toBe(true);
    expect(await sharp(sheet).metadata()).toMatchObject({ format: "png", width: 1552, height: 816 });
    expect((await sharp(outputs["animatic"]?.film, { animated: true }).metadata()).pages).toBe(6);
  });

  test("another style and other scenes give another sheet", async () => {
    const scenes = "A cottage in the snow.\nStars over the city.";
    const { outputs } = await runExample("03-storyboard", [
      "-i",
      `plan shots.scenes=${scenes}`,
      "-i",
      "look.style=Ink",
      "-i",
      "look.palette=Forest",
    ]);
    expect(outputs["draw"]?.image).toHaveLength(2);
    // Ink is drawn on pale paper.
    const { channels } = await sharp(outputs["draw"]?.image[0]).stats();
    expect(Math.min(...channels.slice(0, 3).map((channel) => channel.mean))).toBeGreaterThan(180);
  });
});

describe("05-book-cover", () => {
  test("needs a person: without one it is refused before anything runs", async () => {
    const cwd = temporaryFolder();
    const app = join(example("05-book-cover"), "app.ts");
    const { code, stderr } = await runDaggr(["run", app, "--json"], { cwd });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Step '.+' asks a person, and nobody is there to answer/);
  });

  test("prints the jacket from three answers", async () => {
    const cwd = temporaryFolder();
    const script = join(cwd, "answers.mjs");
    const module = (path: string) => JSON.stringify(pathToFileURL(join(root, path)).href);
    writeFileSync(
      script,
      `import { readFileSync, copyFileSync } from "node:fs";
import { Graph } from ${module("dist/index.js")};
Graph.prototype.launch = async () => {};
const { graph } = await import(${module("examples/05-book-cover/app.ts")});
const asked = [];
const outputs = await graph.run({}, {
  onAsk({ node, form, values }) {
    asked.push(node);
    if (form === "choose") return { choice: values.options.findIndex(({ caption }) => caption === "Ink") };
    return form === "approve" ? { action: "approve" } : { values: { publisher: "Quay", price: 12 } };
  },
});
copyFileSync(outputs.jacket.image, "jacket.png");
console.log(JSON.stringify({ asked, chosen: outputs["best cover"].choice.caption, details: outputs["last details"] }));
`,
    );
    const { stdout } = await execute(process.execPath, ["--no-warnings", script], { cwd });
    const { asked, chosen, details } = JSON.parse(stdout.trim().split("\n").at(-1)!);
    expect(asked.toSorted()).toEqual(["approve text", "best cover", "last details"]);
    expect(chosen).toBe("Ink");
    expect(details).toEqual({ publisher: "Quay", price: 12 });
    expect(await sharp(join(cwd, "jacket.png")).metadata()).toMatchObject({ width: 1264, height: 900 });
  });
});

describe("02-podcast", () => {
  test("speaks every line and joins them", async () => {
    const { outputs } = await runExample("02-podcast", ["-i", "episode.exchanges=1"]);
    const lines: string[] = outputs["speak"]?.audio;
    expect(lines).toHaveLength(4);
    const seconds = await Promise.all(lines.map(durationOf));
    for (const length of seconds) expect(length).toBeGreaterThan(0.5);
    const whole = await durationOf(outputs["join"]?.audio);
    expect(whole).toBeGreaterThan(seconds.reduce((sum, length) => sum + length, 0));
    expect(await loudness(outputs["join"]?.audio)).toBeGreaterThan(-40);
    expect(outputs["write dialogue"]?.script).toContain("**Guest:**");
  });

  test("the other host has another voice", async () => {
    const only = ["--nodes", "host voice"];
    const first = await runExample("02-podcast", only);
    const second = await runExample("02-podcast", [...only, "--variant", "host voice=american host"]);
    expect(first.outputs["host voice"]?.voice).toBe("en-gb:35:160");
    expect(second.outputs["host voice"]?.voice).toBe("en-us+f3:55:175");
  });
});

describe("01-transparent-background", () => {
  test("draws a picture and makes what is around the animal transparent", async () => {
    await using tools = await startPython(join(example("01-transparent-background"), "tools.py"), [], {
      readyPath: "/config",
    });
    const { outputs } = await runExample("01-transparent-background", [], { TOOLS_URL: tools.url });
    const final = sharp(outputs["remove background"]?.final);
    expect(await final.metadata()).toMatchObject({ width: 768, height: 768, hasAlpha: true });
    const alpha = (await final.stats()).channels[3];
    expect(alpha).toMatchObject({ min: 0, max: 255 });
    // An animal, not all and not nothing.
    expect(alpha?.mean).toBeGreaterThan(15);
    expect(alpha?.mean).toBeLessThan(120);
  });
});

describe("04-read-pictures", () => {
  test("reads the receipts and adds them up", async () => {
    await using reader = await startPython(join(example("04-read-pictures"), "reader.py"), [], {
      readyPath: "/config",
    });
    const { outputs } = await runExample("04-read-pictures", [], { READER_URL: reader.url });
    expect(outputs["read"]?.text).toHaveLength(3);
    expect(outputs["read"]?.text[0]).toContain("Croissant");
    expect(outputs["add up"]).toMatchObject({ total: 48.15, remarks: "Every receipt adds up." });
    expect(outputs["add up"]?.table.data).toHaveLength(9);
  });
});

describe("06-language-model", () => {
  test("a real model tells a story, goes on with it, and fills in the form", async () => {
    await using model = await startLanguageModel();
    const { outputs } = await runExample("06-language-model", ["-i", "brief.words=40"], {
      MODEL_URL: model.url,
      MODEL: "smollm2",
    });
    expect(outputs["story"]?.text.split(" ").length).toBeGreaterThan(10);
    const roles = outputs["another ending"]?.messages.map(({ role }: { role: string }) => role);
    expect(roles).toEqual(["user", "assistant", "user", "assistant"]);
    const { title, mood } = outputs["facts"]!["json"];
    expect(["calm", "sad", "funny", "brave"]).toContain(mood);
    expect(outputs["page"]?.page).toContain(`# ${title}`);
    const { seen } = await model.stats();
    expect(seen[0]!.body).toMatchObject({ max_tokens: 40, temperature: 0.7, stream: true });
  });
});

describe("peer.ts", () => {
  test("starts a Python app and ends it again", async () => {
    const { startPeer } = await import("../../examples/peer.ts");
    const { freePort } = await import("../support/python.ts");
    process.env["PYTHON"] = pythonPath;
    const peer = await startPeer(join(example("01-transparent-background"), "tools.py"), await freePort());
    expect((await fetch(`${peer.url}/config`)).status).toBe(200);
    await peer.close();
    await expect(fetch(`${peer.url}/config`)).rejects.toThrow();
  });
});

async function durationOf(path: string): Promise<number> {
  const { stdout } = await execute("ffprobe", [
    "-v",
    "error",
    "-show_entries",
    "format=duration",
    "-of",
    "csv=p=0",
    path,
  ]);
  return Number(stdout);
}

/** Mean volume in dB; silence is -91. */
async function loudness(path: string): Promise<number> {
  const { stderr } = await execute("ffmpeg", [
    "-v",
    "info",
    "-i",
    path,
    "-af",
    "volumedetect",
    "-f",
    "null",
    "-",
  ]);
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}
