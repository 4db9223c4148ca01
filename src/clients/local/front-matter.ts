import { parse } from "yaml";

/** What a Space's README.md says about how it runs. */
export interface SpaceCard {
  /** `gradio`, `docker`, `static`, … */
  readonly sdk: string;
  readonly sdkVersion: string | undefined;
  readonly pythonVersion: string | undefined;
  readonly appFile: string;
  readonly appPort: number;
}

/** Reads the block between the first two lines of `---`. What cannot be read counts as not said. */
export function readFrontMatter(readme: string): SpaceCard {
  const block = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\s*(?:\n|$)/.exec(readme)?.[1] ?? "";
  let said: Record<string, unknown> = {};
  try {
    // Versions are no numbers: 3.10 is not 3.1.
    const parsed: unknown = parse(block, { schema: "failsafe" });
    if (typeof parsed === "object" && parsed !== null) said = parsed as Record<string, unknown>;
  } catch {
    // The Hub itself would not have taken it.
  }
  const text = (name: string): string | undefined => {
    const value = said[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const port = Number(text("app_port"));
  return {
    sdk: text("sdk") ?? "",
    sdkVersion: versionOf(text("sdk_version")),
    pythonVersion: versionOf(text("python_version")),
    appFile: text("app_file") ?? "app.py",
    appPort: Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 7860,
  };
}

/** It becomes part of a command line. */
function versionOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d[\w.]*$/.test(text) ? text : undefined;
}
