import { describe, expect, it, vi } from "vitest";
import type { Behaviour } from "../graph/behaviour.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { testGraph } from "../plan/testing.ts";
import { Identities } from "./identities.ts";

function graphWith(identity: Behaviour["identity"], own: Partial<Behaviour> = {}): GraphDefinition {
  const definition = testGraph({ a: {}, b: {} });
  const nodes = new Map(definition.nodes);
  const a = definition.nodes.get("a");
  if (a !== undefined) nodes.set("a", { ...a, behaviour: { ...a.behaviour, ...own, identity } });
  return { ...definition, nodes };
}

describe("identities", () => {
  it("are asked for once", async () => {
    let asked = 0;
    const identities = new Identities(graphWith(async () => ++asked));
    const [first, second] = await Promise.all([identities.of({}), identities.of({})]);
    expect(asked).toBe(1);
    expect(first.identities.get("a")).toBe(second.identities.get("a"));
    expect(first.identities.get("a")).not.toBe(first.identities.get("b"));
  });

  it("that cannot be had are a problem of their node, and are not asked for at every turn", async () => {
    let asked = 0;
    const identities = new Identities(
      graphWith(() => {
        asked++;
        throw new Error("no network");
      }),
    );
    for (let time = 0; time < 3; time++) {
      const answers = await identities.of({});
      expect(answers.identities.has("a")).toBe(false);
      expect(answers.problems.get("a")).toMatchObject({ node: "a", message: "no network" });
      expect(answers.identities.has("b")).toBe(true);
    }
    expect(asked).toBe(1);
  });

  it("that take long do not hold up the others", async () => {
    let answer = (_: string): void => {};
    const identities = new Identities(graphWith(() => new Promise((resolve) => (answer = resolve))));
    const early = await identities.of({}, 10);
    expect(early.identities.has("a")).toBe(false);
    expect(early.identities.has("b")).toBe(true);
    answer("now");
    await early.late;
    expect((await identities.of({}, 10)).identities.has("a")).toBe(true);
  });

  it("of services are asked for again after a minute: a Space may have a new commit", async () => {
    const now = vi.spyOn(performance, "now");
    let commit = 1;
    const service = new Identities(
      graphWith(async () => commit, { identityChange: "the Space has a new commit" }),
    );
    const own = new Identities(graphWith(async () => commit));
    const at = async (ms: number) => {
      now.mockReturnValue(ms);
      return Promise.all([service, own].map(async (each) => (await each.of({})).identities.get("a")));
    };
    const first = await at(0);
    commit = 2;
    expect(await at(30_000)).toEqual(first);
    const later = await at(61_000);
    expect(later[0]).not.toBe(first[0]);
    expect(later[1]).toBe(first[1]);
    now.mockRestore();
  });
});
