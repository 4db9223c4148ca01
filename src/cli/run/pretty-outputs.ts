import type { NodeOutputs } from "../../protocol/events.ts";
import { style } from "../terminal.ts";

/** Outputs for a person: one block for each node, one line for each short value. */
export function prettyOutputs(outputs: NodeOutputs): string {
  const blocks = Object.entries(outputs).map(([node, ports]) => {
    const lines = Object.entries(ports).map(
      ([port, value]) => `  ${style("cyan", port, process.stdout)}:${afterColon(pretty(value))}`,
    );
    return [style("bold", node, process.stdout), ...lines].join("\n");
  });
  return blocks.length === 0 ? "" : `${blocks.join("\n")}\n`;
}

const afterColon = (text: string): string => (text.startsWith("\n") ? text : ` ${text}`);

function pretty(value: unknown): string {
  if (typeof value === "string") return value.includes("\n") ? `\n${indent(value)}` : value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && !item.includes("\n"))) {
    return value.length === 0
      ? "(none)"
      : `\n${indent(value.map((item, index) => `${index + 1}. ${item}`).join("\n"))}`;
  }
  const text = JSON.stringify(value, null, 2) ?? "(nothing)";
  return text.length < 80 ? (JSON.stringify(value) ?? text) : `\n${indent(text)}`;
}

const indent = (text: string): string => text.replace(/^/gm, "    ");
