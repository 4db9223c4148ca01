import DOMPurify from "dompurify";

/** Strangers' markup without anything that runs, loads from elsewhere or takes over the page. */
export function sanitise(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(withoutHandlers(html), {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["style", "form", "input", "button", "iframe", "object", "embed", "link", "meta", "base"],
    FORBID_ATTR: ["style", "srcset", "ping", "formaction", "id", "name", "class"],
    ALLOW_DATA_ATTR: false,
  });
  localise(fragment);
  return fragment;
}

/**
 * Handlers and a base address never survive; taken out before anything is parsed, the browser does not even report them as
 * against the page's policy.
 */
export function withoutHandlers(html: string): string {
  return html
    .replace(/<base\b/gi, "<span")
    .replace(/<[^<>]*>/g, (tag) => tag.replace(/([\s"'/])on[a-z]+\s*=/gi, "$1data-off="));
}

/** Pictures come from the server itself or are part of the text: nothing is fetched from elsewhere. */
function isLocal(address: string): boolean {
  return (
    /^data:image\/(png|jpe?g|gif|webp|avif);/i.test(address) ||
    /^\/(?!\/)/.test(address) ||
    address.startsWith("#")
  );
}

/** The same for a page of its own in a frame: its styles may stay, for they reach no further. */
export function sanitiseForFrame(html: string): string {
  const fragment = DOMPurify.sanitize(withoutHandlers(html), {
    RETURN_DOM_FRAGMENT: true,
    FORCE_BODY: true,
    FORBID_TAGS: ["iframe", "object", "embed", "base", "meta", "link", "form"],
    FORBID_ATTR: ["srcset", "ping", "formaction"],
  });
  localise(fragment);
  for (const style of fragment.querySelectorAll("style"))
    style.textContent = localCss(style.textContent ?? "");
  for (const element of fragment.querySelectorAll("[style]"))
    element.setAttribute("style", localCss(element.getAttribute("style")!));
  const holder = document.implementation.createHTMLDocument("").createElement("div");
  holder.append(fragment);
  return holder.innerHTML;
}

function localise(fragment: DocumentFragment): void {
  for (const element of fragment.querySelectorAll<HTMLElement>("[src], [poster], [background], [href]")) {
    for (const name of ["src", "poster", "background"]) {
      const address = element.getAttribute(name);
      // An address within the page is a place to go to, and no picture.
      if (address !== null && (!isLocal(address) || address.startsWith("#"))) element.removeAttribute(name);
    }
    if (element instanceof HTMLAnchorElement) {
      element.target = "_blank";
      element.rel = "noopener noreferrer nofollow";
    } else if (element.hasAttribute("href") && !isLocal(element.getAttribute("href")!))
      element.removeAttribute("href");
  }
}

function localCss(css: string): string {
  return css.replace(/@import[^;]*;?/gi, "").replace(/url\(\s*(?!['"]?data:)[^)]*\)/gi, "none");
}
