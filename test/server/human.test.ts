/** Human steps over HTTP. */
import { afterEach, beforeEach, expect, test } from "vitest";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import type { BaseNode } from "../../src/graph/node.ts";
import { ApproveNode } from "../../src/nodes/approve-node.ts";
import { AskNode } from "../../src/nodes/ask-node.ts";
import { ChooseNode } from "../../src/nodes/choose-node.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";

const draft = new FnNode(({ topic }: { topic: string }) => `All about ${topic}`, {
  name: "draft",
  inputs: { topic: gr.Textbox({ value: "cats" }) },
  outputs: { text: gr.Textbox({ label: "Text" }) },
});
const titles = new FnNode(() => ["One", "Two"], {
  name: "titles",
  inputs: {},
  outputs: { list: gr.JSON<string[]>() },
});
const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
const pick = new ChooseNode({ name: "pick", inputs: { options: titles.list } });
const details = new AskNode({ name: "details", ports: { copies: gr.Number({ minimum: 1, maximum: 9 }) } });
const page = new FnNode(
  ({ title, text, copies }: { title: string; text: string; copies: number }) => `${copies} ${title}: ${text}`,
  {
    name: "page",
    inputs: { title: pick.choice, text: review.text, copies: details.copies },
    outputs: { page: gr.Textbox() },
  },
);
const definition = buildDefinition({
  name: "Decisions",
  persistKey: "decisions",
  nodes: [page] as unknown as BaseNode[],
  edges: [],
});

let server: OpenGraph;
let run = "";
beforeEach(async () => {
  server = await openGraph(definition);
  run = (await post("api/runs", {})).json.id;
  await expect.poll(async () => (await get()).status).toBe("waiting");
});
afterEach(() => server.close());

async function post(path: string, body: unknown): Promise<{ status: number; json: any }> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}
const answer = (node: string, body: unknown) =>
  post(`api/runs/${run}/answers/${encodeURIComponent(node)}`, body);
const get = async (): Promise<any> => (await fetch(`${server.url}api/runs/${run}`)).json();

test("a run says what it asks, takes the answers and goes on; the events stay open meanwhile", async () => {
  const events = fetch(`${server.url}api/runs/${run}/events`).then((response) => response.text());
  const { nodes } = await get();
  expect(nodes.review).toMatchObject({
    status: "waiting",
    ask: {
      form: "approve",
      fields: [{ name: "text", label: "Text", component: "textbox" }],
      questions: [{ values: { text: "All about cats" } }],
    },
  });
  expect(nodes.pick.ask).toMatchObject({
    form: "choose",
    questions: [{ values: { options: ["One", "Two"] } }],
  });
  expect(nodes.details.ask).toMatchObject({ form: "fill", fields: [{ component: "number" }] });
  expect(await answer("review", { action: "approve", values: { text: "Cats!" } })).toEqual({
    status: 202,
    json: { id: run, status: expect.any(String) },
  });
  expect((await get()).nodes.review).toMatchObject({ status: "done", outputs: { text: "Cats!" } });
  expect((await answer("pick", { choice: 1 })).status).toBe(202);
  expect((await answer("details", { values: { copies: 3 } })).status).toBe(202);
  await expect.poll(async () => (await get()).status).toBe("done");
  expect((await get()).outputs.page).toEqual({ page: "3 Two: Cats!" });
  const told = (await events).split("\n\n").flatMap((block) => /"type":"([^"]+)"/.exec(block)?.[1] ?? []);
  expect(told.filter((type) => type === "node-waiting")).toHaveLength(3);
  expect(told.filter((type) => type === "run-started")).toHaveLength(1);
  expect(told.at(-1)).toBe("run-done");
});

test.each([
  ["an unknown step", "reviev", { action: "approve" }, 404, "STEP_NOT_FOUND", "review"],
  ["a step that asks nobody", "draft", { action: "approve" }, 400, "ASKS_NOBODY", undefined],
  [
    "an unknown output",
    "review",
    { action: "approve", values: { txt: "x" } },
    400,
    "PORT_NOT_FOUND",
    undefined,
  ],
  [
    "a value of the wrong kind",
    "review",
    { action: "approve", values: { text: 5 } },
    400,
    "INVALID_VALUE",
    undefined,
  ],
  ["a value out of range", "details", { values: { copies: 10 } }, 400, "INVALID_VALUE", undefined],
  ["an empty number", "details", { values: {} }, 400, "MISSING_VALUE", "copies"],
  ["an action that does not exist", "review", { action: "maybe" }, 400, "INVALID_ANSWER", undefined],
  ["a choice that is not there", "pick", { choice: 2 }, 400, "INVALID_ANSWER", undefined],
  ["the answer of another form", "pick", { action: "approve" }, 400, "INVALID_ANSWER", undefined],
  [
    "an item where there are none",
    "review",
    { action: "approve", item: 0 },
    400,
    "INVALID_ANSWER",
    undefined,
  ],
  ["an unknown key", "pick", { chioce: 1 }, 400, "UNKNOWN_KEY", undefined],
] as const)("%s is refused, and the run waits on", async (_, node, body, status, code, hint) => {
  const refused = await answer(node, body);
  expect(refused).toMatchObject({ status, json: { code, error: expect.any(String) } });
  if (hint !== undefined) expect(refused.json.hint).toBe(hint);
  expect((await get()).status).toBe("waiting");
});

test("twice, too late, in an unknown run, and as one call", async () => {
  expect((await post("api/runs/none/answers/review", { action: "approve" })).json.code).toBe("RUN_NOT_FOUND");
  await answer("pick", { choice: 0 });
  expect(await answer("pick", { choice: 1 })).toMatchObject({
    status: 409,
    json: { code: "ALREADY_ANSWERED" },
  });
  expect((await fetch(`${server.url}api/runs/${run}`, { method: "DELETE" })).status).toBe(202);
  expect((await get()).status).toBe("cancelled");
  expect(await answer("review", { action: "approve" })).toMatchObject({
    status: 409,
    json: { code: "NOT_WAITING" },
  });
  expect(await post("api/call", {})).toMatchObject({
    status: 400,
    json: { code: "NEEDS_A_PERSON", node: expect.any(String) },
  });
  const paths = (await (await fetch(`${server.url}api/openapi.json`)).json()).paths;
  expect(paths["/api/runs/{id}/answers/{node}"].parameters[1].schema.enum).toEqual(
    expect.arrayContaining(["review", "pick", "details"]),
  );
});
