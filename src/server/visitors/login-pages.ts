type Told =
  | { readonly problem: string }
  | { readonly name: string; readonly to: string; readonly isPopup: boolean };

/** The page at the end of a login: goes on by itself, or says what went wrong. */
export function loginPage(told: Told): string {
  const style =
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.25rem}";
  const head = (title: string, more = "") =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style>${more}`;
  if ("problem" in told) {
    return `${head("Not logged in")}<h1>Not logged in</h1><p>${escapeHtml(told.problem)}</p><p><a href="/login">Try again</a> or <a href="/">go on without</a></p>`;
  }
  const { name, to, isPopup } = told;
  const goesOn = isPopup
    ? `<script src="/login.js" data-to="${to}" defer></script>`
    : `<meta http-equiv="refresh" content="0;url=${to}">`;
  return `${head("Logged in", goesOn)}<h1>Logged in as ${escapeHtml(name)}</h1><p><a href="${to}">Go on here</a></p>`;
}

/**
 * Hands the login to the page that opened this window: only a page of this very origin gets the ticket. Where there is
 * none any more, the window itself goes on.
 */
export const LOGIN_SCRIPT = `"use strict";
const { to } = document.currentScript.dataset;
const goOn = () => location.replace(to === "/app" ? "/app" : "/");
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data?.type === "daggr-login-taken") close();
});
if (opener === null) goOn();
else {
  setTimeout(goOn, 4000);
  fetch("/api/account/ticket", { method: "POST" })
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .then(({ ticket }) => opener.postMessage({ type: "daggr-login", ticket }, location.origin))
    .catch(goOn);
}
`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
