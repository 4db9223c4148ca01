import { defaultEndpoint, findEndpoint } from "../../clients/gradio.ts";
import type { GradioEndpoint } from "../../clients/gradio-types.ts";
import { defaultEndpointName } from "../../clients/signature-diff.ts";
import { parseOptions, UsageError } from "../options.ts";
import { style } from "../terminal.ts";
import { offerTable, plainText } from "./endpoint-table.ts";
import { nodeSource } from "./node-source.ts";
import { askOffer, type Offer } from "./offer.ts";
import { parseWait } from "./wait.ts";

const usage =
  "Usage: daggr inspect <space> [--endpoint /name] [--code | --json]; all options: daggr inspect --help";

/** `daggr inspect`. */
export async function inspect(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      endpoint: { type: "string", short: "e" },
      code: { type: "boolean" },
      json: { type: "boolean" },
      wait: { type: "string" },
    },
    usage,
  );
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0)
    throw new UsageError(source === undefined ? "Which Space?" : "One Space at a time.", usage);
  if (values.code === true && values.json === true)
    throw new UsageError("--code and --json are two different answers: give one of them.", usage);
  const offer = await askOffer(source, {
    waitMs: parseWait(values.wait, usage),
    onNews: (text) => console.error(style("dim", text)),
  });
  if (offer.lastKnown !== undefined)
    console.error(style("yellow", `${offer.lastKnown} This is what was last known.`));
  const chosen = endpointFor(offer, values.endpoint);
  if (values.json === true) console.log(JSON.stringify(asJson(offer, values.endpoint, chosen), null, 2));
  else if (values.code === true) console.log(codeOf(offer, chosen).trimEnd());
  else printAll(offer, values.endpoint, chosen);
  return 0;
}

/** The endpoint that was asked for, else the one that is called when none is named; several may leave that open. */
function endpointFor(offer: Offer, wanted: string | undefined): GradioEndpoint | undefined {
  const { endpoints } = offer.description;
  if (wanted !== undefined) return findEndpoint(endpoints, wanted, offer.source);
  return defaultEndpointName(offer.endpoints) === undefined
    ? undefined
    : defaultEndpoint(endpoints, offer.source);
}

function codeOf(offer: Offer, chosen: GradioEndpoint | undefined): string {
  if (chosen !== undefined) return nodeSource(offer.source, chosen);
  const names = offer.endpoints.map(({ apiName }) => apiName).join(", ");
  const sentence =
    names === "" ? `${offer.source} has no endpoints.` : `${offer.source} has several endpoints: ${names}.`;
  throw new UsageError(sentence, "Name one of them: --endpoint /name");
}

function asJson(offer: Offer, wanted: string | undefined, chosen: GradioEndpoint | undefined): object {
  const { description, source, commit, endpoints } = offer;
  return {
    source,
    commit: commit ?? null,
    url: description.root,
    gradio: description.version,
    defaultEndpoint: defaultEndpointName(endpoints) ?? null,
    endpoints: endpoints.filter(({ apiName }) => wanted === undefined || apiName === chosen?.apiName),
    ...(offer.lastKnown === undefined ? {} : { lastKnown: true }),
  };
}

function printAll(offer: Offer, wanted: string | undefined, chosen: GradioEndpoint | undefined): void {
  const all = offer.endpoints;
  const hasDocumented = all.some(({ documented }) => documented);
  const shown = all.filter(({ apiName, documented }) =>
    wanted === undefined ? documented || !hasDocumented : apiName === chosen?.apiName,
  );
  const parts = [offerTable(offer, shown)];
  if (wanted === undefined && shown.length < all.length) {
    const others = all
      .filter((endpoint) => !shown.includes(endpoint))
      .map(({ apiName }) => plainText(apiName));
    parts.push(note(`Not documented by the app: ${others.join(", ")}`));
  }
  if (offer.endpoints.length === 0) parts.push("It has no endpoints that can be called.");
  else if (chosen === undefined) {
    const example = offer.endpoints[0]?.apiName;
    parts.push(note(`As a node: daggr inspect ${offer.source} --endpoint ${example}`));
  } else {
    const others = offer.endpoints.length > 1 && wanted === undefined ? " Another one: --endpoint /name" : "";
    parts.push(
      note(`As a node, to paste into a script.${others}`),
      nodeSource(offer.source, chosen).trimEnd(),
    );
  }
  console.log(parts.join("\n\n"));
}

function note(text: string): string {
  return style("dim", text, process.stdout);
}
