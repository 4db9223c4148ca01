import { expect, test } from "vitest";
import { createPresence } from "./presence.ts";

test("everybody on a sheet knows how many they are", () => {
  const presence = createPresence();
  const told: Record<string, number[]> = { a: [], b: [], c: [] };
  const leaveA = presence.enter("one", (pages) => told.a!.push(pages));
  const leaveB = presence.enter("one", (pages) => told.b!.push(pages));
  presence.enter("two", (pages) => told.c!.push(pages));
  leaveA();
  leaveA();
  leaveB();
  expect(told).toEqual({ a: [1, 2], b: [2, 1], c: [1] });
});
