import { expect, test } from "vitest";
import { FnNode, fallback, GradioNode, Graph, gr, InferenceNode, type RunEvent } from "../../src/index.ts";
import { GradioStub } from "../gradio/support/gradio-stub.ts";
import { startWorld } from "./hub-models.ts";

test("a fallback goes from a Space, here and on the Hub, to a model, to a function", async () => {
  await using world = await startWorld();
  const app = await GradioStub.start();
  world.hub.repositories.add("space", "ada/echo", { sdk: "gradio", host: app.url });
  const outputs = { text: gr.Textbox() };
  const steps = () => [
    new GradioNode("ada/echo", {
      name: "space",
      apiName: "/echo",
      inputs: { text: "hi" },
      outputs,
      retries: 0,
      validate: false,
      runLocally: { fallback: "remote" },
    }),
    new InferenceNode("org/text-generation", {
      name: "poem",
      inputs: { prompt: "Write" },
      outputs,
      retries: 0,
    } as never),
    new FnNode(() => "by hand", { name: "own", inputs: {}, outputs }),
  ];
  const by = async () => {
    const logs: string[] = [];
    const events: RunEvent[] = [];
    const node = fallback(...(steps() as [any, any]), { name: "step" });
    const graph = new Graph({ name: "kinds", nodes: [node as never], persistKey: false });
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.type === "node-log") logs.push(event.text);
    };
    const { text } = ((await graph.run({}, { onEvent })) as any).step;
    const done = events.find((event) => event.type === "node-done");
    return { text, logs: logs.join("\n"), variant: (done as any).fallback.variant };
  };
  const here = await by();
  expect(here).toMatchObject({ text: "echo: hi", variant: "space" });
  expect(here.logs).toMatch(/would run its authors' code.*The Space on the Hub is used instead\./);
  await app.close();
  const model = await by();
  expect(model.variant).toBe("poem");
  expect(model.logs).toMatch(/space failed: .*Next is poem\./);
  world.inference.refusals.push({ status: 500, body: {}, headers: {} });
  expect(await by()).toMatchObject({ text: "by hand", variant: "own" });
});
