import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import { rememberSecret } from "../base/redact.ts";
import { isLocalPath, withoutLogin } from "../clients/gradio-source.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node, placeOf } from "../graph/node.ts";
import { addressOf, gradioBehaviour } from "./gradio-behaviour.ts";
import { localAppOf } from "./gradio-local.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";
import { checkOptions, STEP_OPTIONS } from "./options.ts";
import type { ApiNameOf, CaptureNames, DefaultApiName, KnownSource } from "./spaces.ts";

/** A node that calls an endpoint of a Gradio app. */
export type GradioNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

type LastPart<S extends string> = string extends S
  ? string
  : S extends `${infer Folder}/`
    ? LastPart<Folder>
    : S extends `${string}/${infer Rest}`
      ? LastPart<Rest>
      : S extends `${infer File}.py`
        ? File
        : S;

/** The literal name of an unnamed node: the last part of a Space id or of a path; a URL tells none. */
export type NameFrom<S extends string> = S extends `${string}:${string}` ? string : LastPart<S>;

/** What `new GradioNode(source, options)` takes and gives. */
export interface GradioNodeConstructor {
  /**
   * A node that calls a Gradio app. Making it touches no network.
   *
   * @param source - A Space id (`owner/name`), a Space page's URL, any Gradio URL (Gradio 4.2 or later), or a Python
   *   app of your own by its path (`./tools.py`, `./my-space/`; relative to the script), which is started and stopped
   *   with the graph.
   * @param options - Endpoint, inputs, outputs and how it is called.
   * @throws DaggrError `UNKNOWN_OPTION`, `INVALID_NAME` and others of `docs/errors.md`. What only the app knows
   *   (`UNKNOWN_ENDPOINT`, `UNKNOWN_PARAMETER`, `MISSING_PARAMETER`) is told by `launch()` and `run()`.
   *
   * @example
   * ```ts
   * import { GradioNode, gr } from "daggr";
   * const image = new GradioNode("hf-applications/Z-Image-Turbo", {
   *   apiName: "/generate_image",
   *   inputs: { prompt: gr.Textbox({ label: "Prompt" }), height: 1024, width: 1024, seed: () => Math.random() },
   *   outputs: { image: gr.Image({ label: "Image" }) },
   * });
   * image.image; // Port<string>
   * ```
   */
  new <
    V extends object,
    I = unknown,
    const S extends KnownSource = KnownSource,
    N extends string = NameFrom<S>,
    A extends ApiNameOf<S> = DefaultApiName<S>,
    O = unknown,
  >(
    source: S,
    options: GradioNodeOptions<V, I, N, S, A, O> & CaptureNames<O>,
  ): GradioNode<V, ModeOf<I>, N>;
}

const KNOWN = [
  ...STEP_OPTIONS,
  "apiName",
  "revision",
  "validate",
  "token",
  "auth",
  "headers",
  "maxConcurrent",
  "concurrencyGroup",
  "runLocally",
];

class GradioNodeClass extends BaseNode {
  constructor(source: string, options: GradioNodeOptions<object, object>) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (typeof source !== "string" || source.trim() === "") {
      throw new DaggrError(
        "INVALID_OPTION",
        `GradioNode takes a Space id, the URL of a Gradio app or the path of a Python app first, got ${describe(source)}.`,
        at,
      );
    }
    checkOptions("GradioNode", options, KNOWN);
    checkRevision(source, options.revision, at);
    rememberSecret(options.token);
    rememberSecret(options.auth?.[1]);
    rememberSecret(/^https?:\/\/[^/?#:]*:([^/?#]*)@/i.exec(source.trim())?.[1]);
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (/auth|token|key|cookie|secret/i.test(name))
        rememberSecret(value.replace(/^(Bearer|Basic)\s+/i, ""));
    }
    const outputs = (options.outputs ?? {}) as Record<string, Component | null>;
    super({
      name: options.name,
      defaultName: defaultName(source),
      inputs: (options.inputs ?? {}) as Record<string, unknown>,
      outputs,
      behaviour: gradioBehaviour(source, options, localAppOf(source, options, place), () => ({
        name: this.name,
        place: placeOf(this),
        outputs,
      })),
    });
  }
}
Object.defineProperty(GradioNodeClass, "name", { value: "GradioNode" });

/**
 * A node that calls an endpoint of a Gradio app: `new GradioNode(source, options)`, see {@link GradioNodeConstructor}.
 *
 * @example
 * ```ts
 * import { GradioNode, gr } from "daggr";
 * const background = new GradioNode("hf-applications/background-removal", {
 *   apiName: "/image",
 *   inputs: { image: gr.Image({ label: "Image" }) },
 *   outputs: { original: null, final: gr.Image({ label: "Final image" }) },
 * });
 * ```
 */
export const GradioNode: GradioNodeConstructor = GradioNodeClass as unknown as GradioNodeConstructor;

/** A branch would be another thing every day: what is pinned is a commit. */
function checkRevision(source: string, revision: unknown, at: { place?: Place }): void {
  if (revision === undefined) return;
  if (typeof revision !== "string" || !/^[0-9a-f]{7,40}$/.test(revision)) {
    throw new DaggrError(
      "INVALID_OPTION",
      `GradioNode: revision must be a commit (7 to 40 hexadecimal digits), got ${describe(revision)}.`,
      at,
    );
  }
  if (addressOf(source).id === undefined) {
    const sentence = `GradioNode: revision belongs to a Space of the Hub (owner/name), and '${source}' is none.`;
    throw new DaggrError("INVALID_OPTION", sentence, at);
  }
}

function defaultName(source: string): string {
  const withoutQuery = withoutLogin(source)
    .replace(/[?#].*$/, "")
    .replace(/[\\/]+$/, "");
  const part = withoutQuery.split(/[\\/]/).at(-1) ?? source;
  const last = isLocalPath(source) ? part.replace(/\.py$/, "") : part;
  return (last === "" ? source : last).replaceAll("__", "_");
}
