import type { DaggrError } from "../base/errors.ts";
import { clientError, excerpt } from "./client-errors.ts";

/** What a failed answer says, in the server's own words where it has any. */
function words(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    const detail = (json as { detail?: unknown })?.detail ?? (json as { error?: unknown })?.error ?? json;
    return typeof detail === "string" ? detail : validationText(detail);
  } catch {
    return excerpt(body);
  }
}

/** Gradio's validators and FastAPI's own checks. */
function validationText(detail: unknown): string {
  const issues = (Array.isArray(detail) ? detail : [detail]).flatMap((issue: unknown) => {
    if (typeof issue !== "object" || issue === null)
      return issue === undefined || issue === null ? [] : [String(issue)];
    const { is_valid, message, parameter_name, msg, loc } = issue as Record<string, unknown>;
    if (is_valid === true) return [];
    if (typeof message === "string")
      return [typeof parameter_name === "string" ? `${parameter_name}: ${message}` : message];
    if (typeof msg === "string") return [Array.isArray(loc) ? `${loc.join(".")}: ${msg}` : msg];
    return [JSON.stringify(issue)];
  });
  return issues.join("; ");
}

/** The error for an HTTP answer that is none. `what` is what was asked: `'/predict' of owner/name`. */
export function httpError(status: number, body: string, what: string): DaggrError {
  const said = words(body);
  const because = said === "" ? "" : `: ${said}`;
  switch (status) {
    case 401:
    case 403:
      return clientError(
        "GRADIO_LOGIN",
        `${what} asks for a login (HTTP ${status})${because}. Give \`auth: [user, password]\`, or \`headers\`, or a token for a private Space.`,
      );
    case 413:
      return clientError("FILE_TOO_LARGE", `${what} refused a file as too large${because}`);
    case 422:
      return clientError("GRADIO_VALIDATION", `${what} refused its input${because || "."}`);
    case 429:
    case 503:
      return clientError("GRADIO_BUSY", `${what} is busy (HTTP ${status})${because}`);
    default:
      return clientError("GRADIO_HTTP", `${what} answered with HTTP ${status}${because}`);
  }
}

/** The error of an app whose function raised one; many say nothing, some have a title. */
export function appError(
  output: Readonly<Record<string, unknown>>,
  title: unknown,
  what: string,
): DaggrError {
  const said = typeof output["error"] === "string" ? output["error"].trim() : "";
  const name = [title, output["title"]].find(
    (text): text is string => typeof text === "string" && text !== "" && text !== "Error",
  );
  if (said === "" && name === undefined) {
    return clientError(
      "GRADIO_APP_ERROR",
      `${what} failed and does not say why (the app hides its errors: show_error=False).`,
    );
  }
  return clientError(
    "GRADIO_APP_ERROR",
    `${what} failed: ${[name, said].filter((part) => part !== undefined && part !== "").join(": ")}`,
  );
}
