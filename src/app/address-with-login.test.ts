import { expect, test } from "vitest";
import { redact } from "../base/redact.ts";
import { GradioNode, Graph, gr } from "../index.ts";

test("an address is shown without the login that stands in it", () => {
  const node = new GradioNode("https://ada:correct-horse@apps.example/echo", {
    outputs: { text: gr.Textbox() },
  });
  const { behaviour, name } = [...new Graph({ name: "Login", nodes: [node] }).definition.nodes.values()][0]!;
  expect(name).toBe("echo");
  expect(behaviour.source).toBe("https://apps.example/echo");
  expect(redact("correct-horse")).toBe("***");
  const bare = new GradioNode("http://ada:correct-horse@apps.example", { outputs: { text: gr.Textbox() } });
  expect([...new Graph({ name: "Host", nodes: [bare] }).definition.nodes.keys()]).toEqual(["apps.example"]);
});
