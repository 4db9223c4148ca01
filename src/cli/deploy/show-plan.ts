import type { BundleFile } from "../../deploy/bundle-file.ts";
import type { Changes } from "../../deploy/remote-files.ts";
import { style } from "../terminal.ts";

/** Everything that a deployment would set, in plain words. Values of secrets are not among them. */
export interface Plan {
  readonly space: string;
  readonly title: string;
  readonly visibility: "public" | "private";
  readonly hardware: string;
  readonly sleepTime: string;
  readonly login: readonly string[] | false;
  readonly port: number;
  readonly secrets: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly bucket: string | null;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly why: string }[];
  readonly bytes: number;
  readonly notes: readonly string[];
}

export const fileOfPlan = ({ path, content, why }: BundleFile) => ({ path, bytes: content.length, why });

/** The plan as a person reads it. */
export function describePlan(plan: Plan): string {
  const rows: (readonly [string, string])[] = [
    ["Space", plan.space],
    ["title", plan.title],
    ["visible to", plan.visibility === "public" ? "everybody" : "you and your organization (private)"],
    ["hardware", plan.hardware],
    ["sleeps", plan.sleepTime],
    [
      "login",
      plan.login === false
        ? "none"
        : `with Hugging Face${plan.login.length > 0 ? ` (${plan.login.join(", ")})` : ""}`,
    ],
    ["port", String(plan.port)],
    ...(plan.bucket === null ? [] : [["data", `bucket ${plan.bucket} at /data`] as const]),
    ...plan.secrets.map((name) => ["secret", name] as const),
    ...Object.entries(plan.variables).map(([name, value]) => ["variable", `${name}=${value}`] as const),
  ];
  const widest = Math.max(...plan.files.map(({ path }) => path.length));
  const files = plan.files.map(
    ({ path, bytes, why }) =>
      `  ${path.padEnd(widest)}  ${formatBytes(bytes).padStart(9)}  ${style("dim", why, process.stdout)}`,
  );
  return [
    ...rows.map(([name, value]) => `  ${style("dim", name.padEnd(10), process.stdout)}  ${value}`),
    "",
    `${plan.files.length === 1 ? "1 file" : `${plan.files.length} files`}, ${formatBytes(plan.bytes)}:`,
    ...files,
    ...(plan.notes.length === 0
      ? []
      : ["", ...plan.notes.map((note) => `${style("yellow", "note", process.stdout)} ${note}`)]),
  ].join("\n");
}

/** What a commit does: one line for each file that is not left as it is. */
export function describeChanges({ added, changed, removed, unchanged }: Changes): string {
  const lines = [
    ...added.map(({ path }) => `  + ${path}`),
    ...changed.map(({ path }) => `  ~ ${path}`),
    ...removed.map((path) => `  - ${path}`),
  ];
  const same = unchanged.length === 1 ? "1 file stays" : `${unchanged.length} files stay`;
  return [
    ...lines,
    ...(unchanged.length === 0 ? [] : [`  = ${same} as ${unchanged.length === 1 ? "it is" : "they are"}`]),
  ].join("\n");
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
