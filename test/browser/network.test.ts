import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";

let url: string;
const pages: Record<string, string> = {
  "/calm": "<!doctype html><title>calm</title><link rel=icon href='data:,'><p>Hello</p>",
  "/curious": "<!doctype html><title>curious</title><img src='https://example.com/pixel.png'>",
  "/broken": "<!doctype html><title>broken</title><script>throw new Error('broken on purpose')</script>",
};
const server = createServer((request, response) => {
  response.setHeader("content-type", "text/html").end(pages[request.url ?? ""] ?? "");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(() => {
  server.close();
});

test("a page of this machine opens in Chromium", async () => {
  await using browser = await launchBrowser();
  await browser.page.goto(`${url}/calm`);
  expect(await browser.page.textContent("p")).toBe("Hello");
  expect(browser.errors).toEqual([]);
});

test("what a page asks of another machine is seen and not reached", async () => {
  await using browser = await launchBrowser({
    allowForeignRequests: true,
    expectedErrors: [/ERR_NAME_NOT_RESOLVED/],
  });
  await browser.page.goto(`${url}/curious`);
  expect(browser.foreignRequests).toEqual(["https://example.com/pixel.png"]);
  expect(browser.errors.join()).toContain("ERR_NAME_NOT_RESOLVED");
});

test("an error on a page fails the test that opened it", async () => {
  const browser = await launchBrowser();
  await browser.page.goto(`${url}/broken`);
  await expect(browser.close()).rejects.toThrow("broken on purpose");
});
