import { describe, expect, test } from "vitest";
import { nearModel, parseModel } from "./model-id.ts";
import { missingSlots, sortInputs, specOf, type TASKS } from "./tasks.ts";

const isText = (value: unknown): boolean => typeof value === "string";

describe("the inputs of a task", () => {
  test("known names are slots, the others parameters", () => {
    expect(sortInputs(specOf("text-to-image"), { width: 512, prompt: "A boat", seed: null }, isText)).toEqual(
      {
        slots: { prompt: { port: "prompt", value: "A boat" } },
        parameters: { width: 512 },
      },
    );
  });

  test("the first other input that fits stands for the main one", () => {
    const { slots, parameters } = sortInputs(
      specOf("text-to-image"),
      { width: 512, description: "A boat", style: "ink" },
      isText,
    );
    expect(slots["prompt"]).toEqual({ port: "description", value: "A boat" });
    expect(parameters).toEqual({ width: 512, style: "ink" });
  });

  test("one name is not taken twice", () => {
    const sorted = sortInputs(specOf("sentence-similarity"), { text: "a", sentences: ["b"] }, isText);
    expect(Object.keys(sorted.slots)).toEqual(["source_sentence", "sentences"]);
  });

  test("what is certainly missing", () => {
    const names = (task: keyof typeof TASKS, given: string[]) =>
      missingSlots(specOf(task), given).map((slot) => slot.name);
    expect(names("question-answering", ["question"])).toEqual(["context"]);
    expect(names("text-to-image", ["width"])).toEqual([]);
    expect(names("text-to-image", [])).toEqual(["prompt"]);
    expect(names("zero-shot-classification", ["text"])).toEqual(["candidate_labels"]);
    expect(names("text-generation", ["messages"])).toEqual([]);
  });
});

describe("parseModel", () => {
  test.each([
    ["org/name", { id: "org/name" }],
    ["org/name:fal-ai", { id: "org/name", provider: "fal-ai" }],
    ["org/name:auto", { id: "org/name" }],
    ["gpt2", { id: "gpt2" }],
    ["https://huggingface.co/org/name", { id: "org/name" }],
    ["a/b/c", undefined],
    ["../name", undefined],
    ["org/na me", undefined],
  ])("%s", (text, model) => expect(parseModel(text)).toEqual(model));

  test.each([
    ["HTTPS://HuggingFace.co/owner/name//", "owner/name"],
    ["http://hub.test/owner/name", "owner/name"],
    ["http://elsewhere.test/owner/name", undefined],
  ])("%s is a page", (text, id) => expect(parseModel(text, { HF_ENDPOINT: "http://hub.test" })?.id).toBe(id));

  test.each([
    ["owner/name/tree/main", " Did you mean 'owner/name'?"],
    ["huggingface.co/owner/name", " Did you mean 'owner/name'?"],
    ["https://huggingface.co/spaces/owner/name", " 'owner/name' is a Space: call it with GradioNode."],
    ["two words", ""],
    ["a/../b", ""],
  ])("%s is none, and what is near is said", (text, near) => {
    expect(parseModel(text)).toBeUndefined();
    expect(nearModel(text)).toBe(near);
  });
});
