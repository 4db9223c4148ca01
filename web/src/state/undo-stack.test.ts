import { array, assert, constant, constantFrom, integer, oneof, property, record } from "fast-check";
import { expect, test } from "vitest";
import { UndoStack } from "./undo-stack.ts";

/** A little world of values that a person changes. */
class World {
  readonly values = new Map<string, unknown>();
  readonly stack = new UndoStack();
  now = 0;

  set(key: string, value: unknown, pauseMs = 5000): void {
    this.now += pauseMs;
    this.stack.record(
      { words: key, changes: [{ key, before: this.values.get(key), after: value }] },
      this.now,
    );
    this.values.set(key, value);
  }

  undo(): readonly string[] | undefined {
    return this.#write(this.stack.undo((key) => this.values.get(key)));
  }

  redo(): readonly string[] | undefined {
    return this.#write(this.stack.redo((key) => this.values.get(key)));
  }

  /** As text, without what is empty. */
  get state(): string {
    return JSON.stringify([...this.values].filter(([, value]) => (value ?? null) !== null).sort());
  }

  #write(move: ReturnType<UndoStack["undo"]>): readonly string[] | undefined {
    for (const [key, value] of move?.values ?? []) this.values.set(key, value);
    return move?.left;
  }
}

test("any sequence of doing, undoing and redoing goes back to the start and on to where it was", () => {
  const key = constantFrom("a", "b", "c");
  const action = oneof(
    record({
      do: constant("set" as const),
      key,
      value: integer({ min: 0, max: 3 }),
      pause: constantFrom(10, 5000),
    }),
    constant({ do: "undo" as const }),
    constant({ do: "redo" as const }),
  );
  assert(
    property(array(action, { maxLength: 40 }), (actions) => {
      const world = new World();
      const start = world.state;
      for (const act of actions) {
        if (act.do === "set") world.set(act.key, act.value, act.pause);
        else world[act.do]();
        const here = world.state;
        // One back and one on changes nothing, from wherever.
        if (world.stack.next !== undefined) {
          world.undo();
          world.redo();
          expect(world.state).toBe(here);
        }
      }
      const end = world.state;
      let steps = 0;
      while (world.undo() !== undefined) steps++;
      expect(world.state).toBe(start);
      for (; steps > 0; steps--) world.redo();
      expect(world.state).toBe(end);
    }),
  );
});

test("edits of one field that follow each other within a second are one step, of another field they are not", () => {
  const world = new World();
  world.set("topic", "o");
  world.set("topic", "oc", 900);
  world.set("topic", "oct", 900);
  world.set("length", 3, 100);
  world.undo();
  expect(world.values.get("topic")).toBe("oct");
  world.undo();
  expect(world.values.get("topic")).toBeUndefined();
  expect(world.stack.next).toBeUndefined();
});

test("an edit that ends where it began leaves nothing to undo", () => {
  const world = new World();
  world.set("on", true);
  world.set("on", undefined, 200);
  expect(world.stack.next).toBeUndefined();
});

test("another deed is a step of its own, even when it undoes the one before", () => {
  const world = new World();
  world.set("place", 1);
  world.stack.record({ words: "tidy", changes: [{ key: "place", before: 1, after: null }] }, world.now + 10);
  expect(world.stack.next?.words).toBe("tidy");
});

test("after an undo the next edit is a step of its own, however soon it comes", () => {
  const world = new World();
  world.set("topic", "a");
  world.set("topic", "b");
  world.undo();
  world.set("topic", "c", 1);
  world.undo();
  expect(world.values.get("topic")).toBe("a");
});

test("what somebody else has changed since is left and said, the rest goes back", () => {
  const world = new World();
  world.values.set("left", 1).set("right", 1);
  world.stack.record(
    {
      words: "move 2 cards",
      changes: [
        { key: "left", before: 1, after: 2 },
        { key: "right", before: 1, after: 2 },
      ],
    },
    0,
  );
  world.values.set("left", "theirs").set("right", 2);
  expect(world.undo()).toEqual(["left"]);
  expect([...world.values]).toEqual([
    ["left", "theirs"],
    ["right", 1],
  ]);
  world.redo();
  expect(world.values.get("left")).toBe("theirs");
});

test("what is wholly somebody else's now is gone from the list", () => {
  const world = new World();
  world.set("topic", "mine");
  world.values.set("topic", "theirs");
  expect(world.undo()).toEqual(["topic"]);
  expect(world.values.get("topic")).toBe("theirs");
  expect(world.stack.next).toBeUndefined();
  expect(world.stack.nextAgain).toBeUndefined();
});

test("a text field's own undo takes the step back rather than adding one", () => {
  const world = new World();
  world.set("topic", "octopus");
  const typed = (before: string | undefined, after: string | undefined) =>
    world.stack.amend({ words: "topic", changes: [{ key: "topic", before, after }] }, world.now);
  typed("octopus", "octo");
  expect(world.stack.next?.changes).toEqual([{ key: "topic", before: undefined, after: "octo" }]);
  typed("octo", undefined);
  expect(world.stack.next).toBeUndefined();
  expect(world.stack.nextAgain).toBeDefined();
  typed(undefined, "octo");
  expect(world.stack.next).toBeDefined();
  expect(world.stack.nextAgain).toBeUndefined();
});
