import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { didYouMean } from "../base/closest.ts";

/** A command line that cannot be carried out as it stands. */
export class UsageError extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

/** `parseArgs`, with the nearest option in its complaint. */
export function parseOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const unknown = /'(--?[^' ]+)'/.exec(message)?.[1];
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && unknown !== undefined) {
      const known = Object.keys(options).map((name) => `--${name}`);
      throw new UsageError(`There is no option '${unknown}'.${didYouMean(unknown, known)}`, usage);
    }
    throw new UsageError(message, usage);
  }
}

/** A port number given as a text. */
export function parsePort(text: string | undefined, name: string, usage: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`${name} must be a number from 0 to 65535, got '${text}'.`, usage);
}
