import { afterEach, expect, test } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import { TestEngine } from "./testing.ts";

let sheet: TestEngine;
afterEach(() => sheet.close());

const bad = () => {
  throw new Error("a mistake in the script");
};
const chain = (version: number, invoke?: () => unknown) => ({
  a: { version, ...(invoke === undefined ? {} : { invoke }) },
  b: { inputs: { a: "a.out" } },
});

test("a failure goes when the script is again what it was, and stays where it is not", async () => {
  const store = createMemoryStore();
  sheet = await TestEngine.open(chain(1), store);
  await sheet.run();
  await sheet.engine.close();

  sheet = await TestEngine.open(chain(2, bad), store);
  expect(await sheet.statuses()).toMatchObject({ a: "stale" });
  await sheet.run();
  expect(await sheet.statuses()).toEqual({ a: "failed", b: "blocked" });
  await sheet.engine.close();

  // The same script as the one that failed: it is still broken.
  sheet = await TestEngine.open(chain(2, bad), store);
  expect(await sheet.statuses()).toEqual({ a: "failed", b: "blocked" });
  await sheet.engine.close();

  sheet = await TestEngine.open(chain(1), store);
  expect(await sheet.statuses()).toEqual({ a: "done", b: "done" });
  expect((await sheet.node("a")).error).toBeUndefined();
});
