import { isFileRef } from "../../../../src/protocol/values.ts";

export type CompareMode =
  | "slider"
  | "beside"
  | "difference"
  | "inline"
  | "columns"
  | "listen"
  | "number"
  | "changes";

export const modeNames: Readonly<Record<CompareMode, string>> = {
  slider: "Slider",
  beside: "Side by side",
  difference: "Difference",
  inline: "In one text",
  columns: "Two columns",
  listen: "Listen",
  number: "Change",
  changes: "Changes",
};

/** How two values of a kind can be compared; the best way first. */
export function modesFor(kind: string, first: unknown, second: unknown): readonly CompareMode[] {
  const both = (check: (value: unknown) => boolean) => check(first) && check(second);
  const isOf = (type: string) => (value: unknown) => isFileRef(value) && value.mime.startsWith(`${type}/`);
  if (both(isOf("image"))) return ["slider", "beside", "difference"];
  if (both(isOf("audio"))) return ["listen"];
  if (both((value) => typeof value === "string")) {
    const isDrawn = kind === "markdown" || kind === "html";
    return isDrawn ? ["inline", "columns", "beside"] : ["inline", "columns"];
  }
  if (both((value) => typeof value === "number")) return ["number"];
  const isData = (value: unknown) => value !== undefined && value !== null && !isFileRef(value);
  if (both(isData) && !["gallery", "imageslider", "plot"].includes(kind)) return ["changes", "beside"];
  return ["beside"];
}
