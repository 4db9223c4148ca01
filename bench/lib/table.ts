import { type Row, timesBetter } from "./row.ts";

const TITLES = ["work", "unit", "daggr", "ours", "ratio", "floor", "goal", "met?"];

function cells(row: Row): string[] {
  const ratio = timesBetter(row);
  return [
    row.work,
    row.unit,
    figure(row.daggr),
    figure(row.ours),
    ratio === undefined ? "" : `${figure(ratio)}x`,
    figure(row.floor),
    row.goal,
    row.isMet === undefined ? "" : row.isMet ? "yes" : "NO",
  ];
}

export function textTable(rows: readonly Row[]): string {
  const lines = [TITLES, ...rows.map(cells)];
  const widths = TITLES.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, column) =>
          isNumber(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function markdownTable(rows: readonly Row[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const rule = TITLES.map((_, column) => (isNumber(column) ? "--:" : "---"));
  return [TITLES, rule, ...rows.map(cells)].map(line).join("\n");
}

const isNumber = (column: number) => column >= 2 && column <= 5;

/** Three figures are more than a measurement on a busy machine is worth. */
function figure(value: number | undefined): string {
  if (value === undefined) return "";
  // Nothing could be compared: neither side has any.
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 6), useGrouping: true });
}
