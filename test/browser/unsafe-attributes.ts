import type { Page } from "playwright-core";

/** Every attribute of the page that would run something. */
export function unsafeAttributes(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) =>
      [...element.attributes]
        .filter(
          ({ name, value }) =>
            /^on/i.test(name) ||
            (/^(href|src|xlink:href|action|formaction)$/i.test(name) &&
              /^\s*(javascript|data:text)/i.test(value)),
        )
        .map(({ name, value }) => `${element.tagName} ${name}=${value}`),
    ),
  );
}
