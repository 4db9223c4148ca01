import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on the page as it is now, or in a part of it: the rule, and where. */
export async function axeFinds(page: Page, part?: string, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(
    async ([part, rules]) => {
      interface Violation {
        readonly id: string;
        readonly nodes: readonly { readonly html: string }[];
      }
      const { axe } = window as unknown as {
        axe: { run(part: unknown, options: unknown): Promise<{ violations: Violation[] }> };
      };
      // Halfway through a change of colour nothing has its own.
      const changes = document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
      await Promise.all(changes.map(({ finished }) => finished.catch(() => {})));
      const options = rules === null ? {} : { runOnly: { type: "rule", values: rules } };
      const found = await axe.run(part ?? document, { ...options, resultTypes: ["violations"] });
      return found.violations.map(
        (violation) =>
          `${violation.id}: ${violation.nodes.map((node) => node.html.replace(/\s+/g, " ").slice(0, 160)).join(" | ")}`,
      );
    },
    [part ?? null, rules ?? null] as const,
  );
}
