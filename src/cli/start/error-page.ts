import { createServer, type Server } from "node:http";
import type { Banner } from "../../protocol/messages.ts";
import { listen } from "../../server/listen.ts";

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Stands where the canvas will be as long as no version of the script has loaded. */
export class ErrorPage {
  readonly port: number;
  readonly askedPort: number;
  readonly url: string;
  readonly #server: Server;
  #banner: Banner;

  static async open(
    banner: Banner,
    host = process.env["DAGGR_HOST"] ?? process.env["GRADIO_SERVER_NAME"] ?? "127.0.0.1",
    port = defaultPort(),
  ): Promise<ErrorPage> {
    const server = createServer();
    return new ErrorPage(banner, server, host, port, await listen(server, host, port, false));
  }

  private constructor(banner: Banner, server: Server, host: string, askedPort: number, port: number) {
    this.#banner = banner;
    this.#server = server;
    this.askedPort = askedPort;
    this.port = port;
    this.url = `http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}/`;
    server.on("request", (request, response) => {
      // Source code is not for a page of another name (DNS rebinding).
      const name = (request.headers.host ?? "").replace(/:\d+$/, "");
      const isOurs = ["127.0.0.1", "localhost", "[::1]", host].includes(name);
      response.writeHead(isOurs ? 503 : 403, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "retry-after": "1",
      });
      response.end(isOurs ? page(this.#banner) : "");
    });
  }

  show(banner: Banner): void {
    this.#banner = banner;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function defaultPort(): number {
  return Number(process.env["DAGGR_PORT"] ?? process.env["GRADIO_SERVER_PORT"] ?? 7860);
}

/** Asks again until the answer is another one: another error, or the canvas. */
function page({ title, text }: Banner): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --line: light-dark(#e4e4df, #33332f); --soft: light-dark(#fdecec, #331d1d); --bad: light-dark(#c92a2a, #ff8787) }
  body { margin: 0; padding: 12vh 24px 24px; background: light-dark(#f6f6f4, #141413); color: light-dark(#1d1d1a, #ecece6); font: 15px/1.5 system-ui, sans-serif }
  main { max-width: 760px; margin: auto; background: light-dark(#fff, #1e1e1c); border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
  h1 { margin: 0; padding: 14px 20px; font-size: 15px; color: var(--bad); background: var(--soft) }
  pre { margin: 0; padding: 16px 20px; overflow: auto; font: 13px/1.6 ui-monospace, monospace; white-space: pre-wrap }
  p { margin: 0; padding: 12px 20px; border-top: 1px solid var(--line); color: light-dark(#5c5c55, #aaaaa0) }
</style>
<main role="alert"><h1>${escapeHtml(title)}</h1><pre>${escapeHtml(text)}</pre>
<p>Mend it and save: this page goes on by itself.</p></main>
<script>
  let shown;
  setInterval(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const text = await answer.text();
      shown ??= text;
      if (answer.status !== 503 || text !== shown) location.reload();
    } catch {}
  }, 500);
</script>
`;
}
