import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { fieldsGallery } from "./dev/gallery-server.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const server = process.env["DAGGR_DEV_SERVER"] ?? "http://127.0.0.1:7871";

/** KaTeX names each of its fonts in three formats; every browser that opens the page reads the smallest. */
const oneFormatOfFonts = {
  name: "daggr-one-format-of-fonts",
  enforce: "pre" as const,
  transform: (css: string, id: string) =>
    /katex\.min\.css$/.test(id)
      ? { code: css.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("\w+"\)/g, ""), map: null }
      : undefined,
};

export default defineConfig({
  root: here,
  base: "./",
  plugins: [svelte(), fieldsGallery(), oneFormatOfFonts],
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    // Scripts and styles must be files of their own: the page's policy refuses what is inline.
    assetsInlineLimit: 0,
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "/ws": { target: server, ws: true },
      "/files": server,
      "/api": server,
      "/theme.css": server,
    },
  },
});
