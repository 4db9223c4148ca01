import { afterEach, expect, test, vi } from "vitest";
import { LocalApp } from "./local-app.ts";
import type { Recipe } from "./recipe.ts";

afterEach(() => vi.restoreAllMocks());

function printing() {
  const head = { key: "app", label: "app.py", isOwnCode: true };
  const recipe: Recipe = {
    ...head,
    startTimeoutMs: 1,
    identity: async () => "1",
    async prepare({ onLine }) {
      onLine("Ada asks for a secret");
      throw new Error("broken");
    },
  };
  return new LocalApp(head, async () => recipe);
}

test("what an app prints is for the person at the machine, not for other visitors of a Space", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const signal = new AbortController().signal;
  for (const isShared of [false, true]) {
    const app = printing();
    const release = app.hold({ isShared });
    const heard: string[] = [];
    const listener = { onStep() {}, onLine: (line: string) => void heard.push(line), onWarning() {} };
    await expect(app.use(signal, listener)).rejects.toThrow("broken");
    const shown = isShared ? [] : ["Ada asks for a secret"];
    expect(heard).toEqual(shown);
    expect(app.log.map(({ text }) => text)).toEqual(shown);
    expect(log.mock.calls).toEqual(isShared ? [["app.py: Ada asks for a secret"]] : []);
    await release();
  }
});
