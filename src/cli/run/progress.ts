import type { GraphDefinition } from "../../graph/definition.ts";
import type { RunEvent } from "../../protocol/events.ts";
import { fallbackInWords } from "../../protocol/values.ts";
import { duration, style } from "../terminal.ts";

export interface Progress {
  show(event: RunEvent): void;
  /** Takes the moving line away. */
  end(): void;
}

interface Running {
  readonly since: number;
  text: string;
  done: number;
  total: number;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** One line for each thing that happened, and on a terminal a last one for what is happening. */
export function createProgress(
  definition: GraphDefinition,
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  const running = new Map<string, Running>();
  const width = Math.max(...[...definition.nodes.keys()].map((name) => name.length), 4);
  const isMoving = out.isTTY === true;
  let frame = 0;

  const clear = (): void => {
    if (isMoving) out.write("\r\u001b[2K");
  };
  const draw = (): void => {
    if (!isMoving || running.size === 0) return;
    frame += 1;
    const parts = [...running].map(([node, { since, text, done, total }]) => {
      const count = total > 0 ? ` ${done}/${total}` : "";
      return `${node}${count}${text === "" ? "" : ` ${text}`} ${duration(performance.now() - since)}`;
    });
    const line = `${SPINNER[frame % SPINNER.length]} ${parts.join(" · ")}`;
    clear();
    out.write(line.slice(0, (out.columns ?? 80) - 1));
  };
  const timer = isMoving ? setInterval(draw, 100) : undefined;
  timer?.unref();
  const line = (mark: string, node: string, text: string): void => {
    clear();
    out.write(`${mark} ${node.padEnd(width)}  ${text}\n`);
    draw();
  };

  return {
    show(event) {
      if (event.type === "node-started" && event.item === undefined) {
        running.set(event.node, {
          since: performance.now(),
          text: "",
          done: 0,
          total: event.items?.total ?? 0,
        });
        const { fallback } = event;
        if (fallback !== undefined && fallback.index > 0)
          line(style("yellow", "↻", out), event.node, `attempt ${event.attempt}, ${fallback.variant}`);
        else if (event.attempt > 1) line(style("yellow", "↻", out), event.node, `attempt ${event.attempt}`);
        else if (!isMoving)
          line(
            "·",
            event.node,
            event.items === undefined ? "started" : `started, ${items(event.items.total)}`,
          );
      } else if (event.type === "node-progress") {
        const state = running.get(event.node);
        const percent = event.value === null ? "" : `${Math.round(event.value * 100)} %`;
        if (state !== undefined) state.text = [event.text, percent].filter(Boolean).join(" ");
      } else if (event.type === "node-queued" && event.position !== undefined) {
        line("·", event.node, `waits for ${event.waitsFor}, place ${event.position}`);
      } else if (event.type === "node-log") {
        const where = event.item === undefined ? "" : ` item ${event.item + 1}`;
        line(
          style("dim", "|", out),
          event.node,
          `${style("dim", event.level === "info" ? event.text : `${event.level}: ${event.text}`, out)}${style("dim", where, out)}`,
        );
      } else if (event.type === "node-done") {
        if (event.item !== undefined) {
          const state = running.get(event.node);
          if (state !== undefined) state.done += 1;
          return;
        }
        running.delete(event.node);
        const by = event.fallback === undefined ? undefined : fallbackInWords(event.fallback);
        const took = event.reused ? "reused" : duration(event.durationMs);
        line(style("green", "✓", out), event.node, by === undefined ? took : `${took}, ${by}`);
      } else if (event.type === "node-failed") {
        const retry = event.willRetryInMs === undefined ? "" : `again in ${duration(event.willRetryInMs)}`;
        const where = event.item === undefined ? "" : `item ${event.item + 1}: `;
        if (event.item === undefined) running.delete(event.node);
        line(style("red", "✗", out), event.node, `${where}${firstLine(event.error.message, retry)}`);
      } else if (event.type === "node-blocked") {
        line(style("yellow", "-", out), event.node, `blocked by ${event.by}`);
      } else if (event.type === "node-waiting") {
        line(style("blue", "?", out), event.node, "waits for a person");
      } else if (event.type === "node-cancelled") {
        running.delete(event.node);
        line(style("yellow", "-", out), event.node, "cancelled");
      }
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

const items = (count: number): string => (count === 1 ? "1 item" : `${count} items`);

/** The first line of a message, and what follows it: in the same sentence, unless that is a question. */
function firstLine(message: string, rest: string): string {
  const line = message.split("\n")[0] ?? "";
  if (rest === "") return line;
  return /[?!]$/.test(line) ? `${line} A${rest.slice(1)}` : `${line.replace(/\.$/, "")}, ${rest}`;
}
