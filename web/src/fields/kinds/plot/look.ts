/** The page's own colours and type, for libraries that draw by themselves. */
export interface Look {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly strong: string;
  readonly surface: string;
  readonly font: string;
  readonly series: readonly string[];
}

export function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const series = [
    "--accent",
    "--type-text",
    "--type-audio",
    "--type-video",
    "--type-number",
    "--type-boolean",
    "--type-image",
    "--type-file",
  ];
  return {
    text: token("--text", "#1d1d1a"),
    quiet: token("--text-2", "#5c5c55"),
    line: token("--line", "#e6e6e1"),
    strong: token("--line-strong", "#cfcfc8"),
    surface: token("--surface", "#ffffff"),
    font: token("--font", "system-ui, sans-serif"),
    series: series.map((name) => token(name, "#868e96")),
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A chart that was drawn. */
export interface Drawn {
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
  toAddress(format: "png" | "svg"): Promise<string>;
  destroy(): void;
}
