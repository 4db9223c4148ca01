/** The page's own colours and type, for libraries that draw by themselves. */
export interface Look {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly strong: string;
  readonly surface: string;
  /** Behind the chart. */
  readonly background: string;
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
    background: "rgba(0,0,0,0)",
    font: token("--font", "system-ui, sans-serif"),
    series: series.map((name) => token(name, "#868e96")),
  };
}

/** For a chart that leaves the page: it is looked at on white. */
export const printed: Look = {
  text: "#1d1d1a",
  quiet: "#5c5c55",
  line: "#e6e6e1",
  strong: "#cfcfc8",
  surface: "#ffffff",
  background: "#ffffff",
  font: "Inter, system-ui, sans-serif",
  series: ["#e8590c", "#5c7cfa", "#12b886", "#be4bdb", "#f59f00", "#15aabf", "#e64980", "#868e96"],
};

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
