import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
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

/**
 * The canvas moves its view with d3, and plots draw with the same packages. Shared, all of them would load with the
 * first picture; so the canvas has copies of its own, of which only what it uses is left. It animates no colours.
 */
const d3OfTheCanvas: Plugin = {
  name: "daggr-d3-of-the-canvas",
  enforce: "pre",
  async resolveId(source, importer = "") {
    const isOfTheCanvas = /\/(?:d3-zoom|d3-transition|@xyflow\/system)\/|\?canvas$/.test(importer);
    if (!isOfTheCanvas || !/^d3-(?:interpolate|ease|color)$/.test(source)) return;
    if (source === "d3-color") return `${here}no-colors.ts`;
    const found = await this.resolve(source, importer.replace("?canvas", ""), { skipSelf: true });
    return found === null ? null : `${found.id}?canvas`;
  },
};

export default defineConfig({
  root: here,
  base: "./",
  plugins: [d3OfTheCanvas, svelte(), fieldsGallery(), oneFormatOfFonts],
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
      "/frame": server,
      "/theme.css": server,
    },
  },
});
