import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { textField } from "../plan/testing.ts";
import { openSqliteStore } from "../store/open-sqlite-store.ts";
import { LOCAL, TestEngine } from "./testing.ts";

const chain = { a: { inputs: { x: textField({ value: "hello" }) } } };
let folder: string;
const open: TestEngine[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "daggr-others-"));
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await rm(folder, { recursive: true });
});
const server = async () => {
  const made = await TestEngine.open(chain, openSqliteStore({ path: join(folder, "sessions.db") }));
  open.push(made);
  return made;
};

it("what another server makes and runs is seen within seconds, without asking", async () => {
  const [here, there] = [await server(), await server()];
  let told = 0;
  here.engine.watchSheets(LOCAL, () => told++);
  const { seq } = await here.engine.openSheet(LOCAL, here.sheet);
  const outputs: unknown[] = [];
  here.engine.watch(
    LOCAL,
    here.sheet,
    (notice) => {
      if (notice.type === "sheet") outputs.push(notice.view.nodes["a"]?.outputs);
    },
    seq,
  );
  await there.engine.createSheet(LOCAL, "Theirs");
  await there.run({ sheet: here.sheet, fields: { a__x: "from there" } });
  await vi.waitFor(
    () => expect(outputs.at(-1)).toEqual({ out: expect.stringContaining("from there") }),
    8_000,
  );
  expect(told).toBeGreaterThan(0);
  expect((await here.engine.sheets(LOCAL)).map(({ name }) => name)).toEqual(["Sheet 1", "Theirs"]);
});

it("nothing is read as long as nobody else writes", async () => {
  const here = await server();
  here.engine.watchSheets(LOCAL, () => {});
  const list = vi.spyOn(here.store, "listSheets");
  const asked = vi.spyOn(here.store, "changesByOthers");
  await here.engine.setField(LOCAL, here.sheet, "a__x", "mine");
  list.mockClear();
  asked.mockClear();
  await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(0), 5_000);
  expect(list).not.toHaveBeenCalled();
});
