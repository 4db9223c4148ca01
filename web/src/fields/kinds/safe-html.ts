import DOMPurify from "dompurify";

/** Strangers' markup without anything that runs, loads from elsewhere or takes over the page. */
export function sanitise(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(withoutHandlers(html), {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["style", "form", "input", "button", "iframe", "object", "embed", "link", "meta", "base"],
    FORBID_ATTR: ["style", "srcset", "ping", "formaction", "id", "name", "class"],
    ALLOW_DATA_ATTR: false,
  });
  for (const element of fragment.querySelectorAll<HTMLElement>("[src], [poster], [background], [href]")) {
    for (const name of ["src", "poster", "background"]) {
      const address = element.getAttribute(name);
      if (address !== null && !isLocal(address)) element.removeAttribute(name);
    }
    if (element instanceof HTMLAnchorElement) {
      element.target = "_blank";
      element.rel = "noopener noreferrer nofollow";
    } else if (element.hasAttribute("href") && !isLocal(element.getAttribute("href")!)) element.removeAttribute("href");
  }
  return fragment;
}

/**
 * Handlers never survive; taken out before anything is parsed, the browser does not even report them as
 * against the page's policy.
 */
export function withoutHandlers(html: string): string {
  return html.replace(/<[^<>]*>/g, (tag) => tag.replace(/([\s"'/])on[a-z]+\s*=/gi, "$1data-off="));
}

/** Pictures come from the server itself or are part of the text: nothing is fetched from elsewhere. */
function isLocal(address: string): boolean {
  return /^data:image\/(png|jpe?g|gif|webp|avif);/i.test(address) || /^\/(?!\/)/.test(address) || address.startsWith("#");
}
