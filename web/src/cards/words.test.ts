import { expect, test } from "vitest";
import { ago, duration } from "./time.ts";
import { headTime, refusalWords, shortPlace, strip } from "./words.ts";

test("a fresh card says nothing but its time", () => {
  expect(strip({ status: "done", durationMs: 4100 }, 0)).toBeNull();
  expect(headTime({ status: "done", durationMs: 4100 })).toBe("4.1 s");
});

test("a stale card says why", () => {
  expect(strip({ status: "stale", reason: "prompt changed" }, 0)).toMatchObject({
    title: "Stale",
    detail: "prompt changed",
  });
});

test("a running card says how long it has run and usually runs", () => {
  expect(strip({ status: "running", startedAt: 1000, usualMs: 5000 }, 4200)).toMatchObject({
    title: "Running",
    detail: "3.2 s, usually 5.0 s",
  });
});

test("a failed item is named with its number, its message and its place", () => {
  const state = {
    status: "failed" as const,
    items: { total: 6, done: 5, failed: 1, running: 0 },
    error: { code: "NODE_FAILED", message: "no text\nmore", place: "podcast.ts:41", item: 3 },
  };
  expect(strip(state, 0)).toMatchObject({
    title: "1 of 6 failed",
    detail: "item 4: no text",
    place: "podcast.ts:41",
  });
});

test("what the title counts is not said again", () => {
  const failed = (message: string, count: number) =>
    strip(
      {
        status: "failed",
        items: { total: 6, done: 6 - count, failed: count, running: 0 },
        error: { code: "NODE_FAILED", message },
      },
      0,
    )?.detail;
  expect(failed("Item 2 of 6 failed: no text", 1)).toBe("item 2: no text");
  expect(failed("3 of 6 items failed; item 2: no text", 3)).toBe("item 2: no text");
});

test("what an app says comes before its address, which opens with the rest", () => {
  const message = "'/boom' of http://127.0.0.1:7860 failed: The model is on holiday";
  expect(strip({ status: "failed", error: { code: "GRADIO_APP_ERROR", message } }, 0)).toMatchObject({
    detail: "The model is on holiday",
    message,
  });
});

test("a place is short on the card", () => {
  expect(shortPlace("/home/ada/flows/app.ts:12:3")).toBe("app.ts:12:3");
  expect(shortPlace("C:\\flows\\app.ts:12")).toBe("app.ts:12");
  expect(shortPlace("app.ts:12")).toBe("app.ts:12");
});

test("a hint that the sentence holds is not said twice", () => {
  expect(refusalWords("Node 'a' needs a value for 'n' (Size).", "Size")).toBe(
    "Node 'a' needs a value for 'n' (Size).",
  );
  expect(refusalWords("There is no node 'shuot'.", "shout")).toBe("There is no node 'shuot'. shout");
});

test("a busy step says what would keep the page alive", () => {
  expect(strip({ status: "done", busyMs: 4000 }, 0)?.detail).toContain("worker: true");
});

test("times are short", () => {
  expect([12, 830, 12_400, 125_000].map(duration)).toEqual(["12 ms", "0.8 s", "12 s", "2 min 5 s"]);
  expect(ago(0, 120_000)).toBe("2 min ago");
});
