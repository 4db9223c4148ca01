import type { RunInfo } from "../../../src/protocol/view.ts";

/** The tab's title and sign tell what happens while another tab is looked at. `waiting`: the steps that ask. */
export function showInTab(
  name: string,
  run: RunInfo | null,
  failed: number,
  last: RunInfo | null,
  waiting: number,
): void {
  const isWaiting = waiting > 0 || run?.status === "waiting";
  const sign = isWaiting
    ? "-waiting"
    : run !== null
      ? "-running"
      : failed > 0
        ? "-failed"
        : last?.status === "done"
          ? "-done"
          : "";
  document.title = `${prefix(run, failed, isWaiting)}${name}`;
  const icon = document.getElementById("favicon");
  const href = `./favicon${sign}.svg`;
  if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}

/** What a person has to do comes before what goes on by itself. */
function prefix(run: RunInfo | null, failed: number, isWaiting: boolean): string {
  if (isWaiting) return "Waiting for you · ";
  if (run !== null) return `Running ${Math.min(run.done + 1, run.total)} of ${run.total} · `;
  return failed > 0 ? `${failed} failed · ` : "";
}
