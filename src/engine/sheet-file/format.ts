import { z } from "zod";

/**
 * A sheet in one file: a zip with `sheet.json`, `runs.jsonl`, `results.jsonl`, `items.jsonl` (one record a line, so that
 * no sheet is too long to be read) and `files/<sha256>.<ending>`, each file once.
 */
export const FORMAT = "daggr-sheet";
export const FORMAT_VERSION = 1;

export const SHEET = "sheet.json";
export const RUNS = "runs.jsonl";
export const RESULTS = "results.jsonl";
export const ITEMS = "items.jsonl";

/** The entry of a file, by its id and the ending of its name. */
export const FILE_ENTRY = /^files\/([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,12})?$/;

const id = z.string().regex(/^[\w-]{1,64}$/);
const name = z.string().min(1).max(300);
const time = z.number().min(0).max(1e16);
const count = z.number().int().min(0).max(10_000_000);
const coordinate = z.number().min(-1e7).max(1e7);
const hash = z.string().max(1000);
const values = z.record(z.string().max(1000), z.unknown());
const error = z.object({
  code: z.string().max(100),
  message: z.string().max(100_000),
  node: name.optional(),
  port: name.optional(),
  hint: z.string().max(10_000).optional(),
});

const fallback = z.strictObject({
  variant: name,
  index: z.number().int().min(0).max(10_000),
  failed: z
    .array(z.strictObject({ variant: name, error: error.pick({ code: true, message: true }) }))
    .max(10_000),
});

/** What says whether the rest can be read at all. */
export const head = z.looseObject({
  format: z.literal(FORMAT),
  version: z.number().int(),
});

export const sheetRecord = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  graph: z.strictObject({ name: z.string().max(1000), persistKey: z.string().max(1000) }),
  sheet: z.strictObject({
    id,
    name: z.string().min(1).max(300),
    inputs: values,
    variants: z.record(name, z.number().int().min(0).max(10_000)),
    selected: z.record(name, id),
    positions: z.record(z.string().max(1000), z.strictObject({ x: coordinate, y: coordinate })),
    viewport: z.strictObject({ x: coordinate, y: coordinate, zoom: z.number().min(0.01).max(10) }).nullable(),
  }),
});
export type SheetRecord = z.infer<typeof sheetRecord>;

export const runRecord = z.strictObject({
  id,
  mode: z.enum(["step", "to", "from", "stale", "all"]),
  targets: z.array(name).max(10_000),
  item: count.optional(),
  fields: values,
  variants: z.record(name, z.number().int().min(0).max(10_000)),
  status: z.enum(["done", "failed", "cancelled", "interrupted"]),
  startedAt: time,
  endedAt: time.nullable(),
  nodes: z.record(
    name,
    z.strictObject({
      status: z.enum(["done", "reused", "failed", "blocked", "cancelled", "interrupted"]),
      result: id.optional(),
      error: error.optional(),
      startedAt: time.optional(),
      durationMs: time.optional(),
      reason: z.string().max(10_000).optional(),
      items: count.optional(),
    }),
  ),
  lastSeq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});

export const resultRecord = z.strictObject({
  id,
  node: name,
  variant: z.number().int().min(0).max(10_000),
  fingerprint: hash,
  identity: hash,
  inputs: values,
  inputHashes: z.record(z.string().max(1000), hash),
  fields: values,
  upstream: z.record(name, id),
  drawn: values,
  outputs: values.nullable(),
  outputNames: z.array(name).max(1000).nullable(),
  items: z
    .array(z.tuple([id, count, count, count]))
    .max(1_000_000)
    .nullable(),
  startedAt: time,
  durationMs: time,
  run: id,
  edited: z.boolean(),
  fallback: fallback.optional(),
});

export const itemRecord = z.strictObject({
  fingerprint: hash,
  drawn: values,
  outputs: values,
  startedAt: time,
  durationMs: time,
  run: id,
  error: error.optional(),
  fallback: fallback.optional(),
  node: name,
  revision: count,
  position: count,
});
