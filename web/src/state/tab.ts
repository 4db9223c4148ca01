import type { RunInfo } from "../../../src/protocol/view.ts";

/** The tab's title and sign tell what happens while another tab is looked at. */
export function showInTab(name: string, run: RunInfo | null, failed: number, last: RunInfo | null): void {
  const sign = run !== null ? "-running" : failed > 0 ? "-failed" : last?.status === "done" ? "-done" : "";
  const prefix =
    run === null
      ? failed > 0
        ? `${failed} failed · `
        : ""
      : run.status === "waiting"
        ? "Waiting for you · "
        : `Running ${Math.min(run.done + 1, run.total)} of ${run.total} · `;
  document.title = `${prefix}${name}`;
  const icon = document.getElementById("favicon");
  const href = `./favicon${sign}.svg`;
  if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}
