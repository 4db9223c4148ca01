import type { Json } from "../base/json.ts";
import type { FilePlace } from "./gradio-types.ts";

type Schema = { readonly [key: string]: Json };

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function definitions(schema: Json): Schema {
  const defs = isSchema(schema) ? schema["$defs"] : undefined;
  return isSchema(defs) ? defs : {};
}

function resolve(schema: Json | undefined, defs: Schema): Json | undefined {
  if (!isSchema(schema) || typeof schema["$ref"] !== "string") return schema;
  return defs[schema["$ref"].split("/").at(-1) ?? ""];
}

/** A file has a `path` and Gradio's mark in `meta`; older versions have only the title. */
function isFile(schema: Json | undefined): boolean {
  if (!isSchema(schema)) return false;
  if (schema["title"] === "FileData" || schema["title"] === "ImageData") return true;
  const properties = schema["properties"];
  return isSchema(properties) && "path" in properties && "meta" in properties;
}

/** Where the values of a schema hold files. */
export function filePlace(schema: Json): FilePlace {
  const defs = definitions(schema);
  const root = resolve(schema, defs);
  if (isFile(root)) return "one";
  if (!isSchema(root)) return false;
  if (root["type"] === "array" && isFile(resolve(root["items"], defs))) return "many";
  return holdsFile(root, defs, new Set()) ? "inside" : false;
}

function holdsFile(schema: Json | undefined, defs: Schema, seen: Set<Json>): boolean {
  const resolved = resolve(schema, defs);
  if (Array.isArray(resolved)) return resolved.some((item: Json) => holdsFile(item, defs, seen));
  if (!isSchema(resolved) || seen.has(resolved)) return false;
  seen.add(resolved);
  if (isFile(resolved)) return true;
  return Object.entries(resolved).some(
    ([key, value]) =>
      key !== "$defs" && key !== "default" && typeof value === "object" && holdsFile(value, defs, seen),
  );
}

/** Whether a chat message's `content` travels as a list of parts (Gradio 6) or as one text (before). */
export function hasMessageParts(schema: Json): boolean {
  const defs = definitions(schema);
  const message = defs["Message"];
  const properties = isSchema(message) ? message["properties"] : undefined;
  const content = isSchema(properties) ? resolve(properties["content"], defs) : undefined;
  return isSchema(content) && content["type"] === "array";
}

/** The text of a schema's description, which tells how dates are written. */
export function schemaDescription(schema: Json): string {
  return isSchema(schema) && typeof schema["description"] === "string" ? schema["description"] : "";
}

/**
 * A JSON schema as a TypeScript type, on one line; `unknown` for what it does not tell.
 *
 * @param isFile - Parts for which this holds are paths.
 */
export function schemaType(schema: Json, isFile: (part: Json) => boolean): string {
  const defs = definitions(schema);
  const write = (part: Json | undefined, seen: readonly Json[]): string => {
    const own = resolve(part, defs);
    if (!isSchema(own) || seen.includes(own)) return "unknown";
    if (isFile(own)) return "string";
    const next = [...seen, own];
    if (Array.isArray(own["enum"])) return union(own["enum"].map((value: Json) => JSON.stringify(value)));
    if (own["const"] !== undefined) return JSON.stringify(own["const"]);
    const options = own["anyOf"] ?? own["oneOf"];
    if (Array.isArray(options)) return union(options.map((option: Json) => write(option, next)));
    const { type } = own;
    if (Array.isArray(type)) return union(type.map((name: Json) => write({ ...own, type: name }, seen)));
    if (type === "string" || type === "boolean" || type === "null") return type;
    if (type === "number" || type === "integer") return "number";
    if (type === "array") return listType(write(own["items"], next));
    if (type !== "object") return "unknown";
    if (isSchema(own["properties"]))
      return recordType(own["properties"], own["required"], (item) => write(item, next));
    return `Record<string, ${write(own["additionalProperties"], next)}>`;
  };
  return write(schema, []);
}

function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  if (different.includes("unknown") || different.length === 0) return "unknown";
  return different.toSorted((a, b) => Number(a === "null") - Number(b === "null")).join(" | ");
}

function listType(item: string): string {
  return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
}

function recordType(properties: Schema, required: Json | undefined, write: (part: Json) => string): string {
  const needed = Array.isArray(required) ? required : [];
  const fields = Object.entries(properties).map(
    ([name, part]) => `${propertyName(name)}${needed.includes(name) ? "" : "?"}: ${write(part)}`,
  );
  return fields.length === 0 ? "Record<string, unknown>" : `{ ${fields.join("; ")} }`;
}

/** A property's name as it may stand in an object or a type. */
export function propertyName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
