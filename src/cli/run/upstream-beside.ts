import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tellUpstream } from "../../app/tell-upstream.ts";
import { type UpstreamNews, UpstreamWatch } from "../../app/watch-upstream.ts";
import type { GraphDefinition } from "../../graph/definition.ts";
import { style } from "../terminal.ts";

/** A run that has ended waits no longer for what the Hub says. */
const PATIENCE_MS = 1000;

/** Looks for changes of Spaces and models while the run goes on; the result tells them once it has ended. */
export function lookUpstream(definition: GraphDefinition, script: string): () => Promise<void> {
  let news: UpstreamNews | undefined;
  const watch = new UpstreamWatch(definition, {
    onNews: (told) => {
      news = told;
    },
    onError: (error) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
  });
  const done = watch.start();
  return async () => {
    await Promise.race([done, delay(PATIENCE_MS, undefined, { ref: false })]);
    watch.stop();
    if (news === undefined) return;
    const text = tellUpstream(news, basename(script), (format, part) => style(format, part));
    if (text !== "") process.stderr.write(`${text}\n`);
  };
}
