import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { land } from "./land.ts";

const OUT = "../src/anchorwatch/console/built";
const WATCH = "http://127.0.0.1:8741"; // for `npm run dev`: a watch that runs beside it

/** Pack every file once, so that the watch never has to. */
function packed(): Plugin {
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved(config) {
      folder = `${config.build.outDir}/${config.build.assetsDir}`;
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        const body = readFileSync(`${folder}/${name}`);
        const zipped = gzipSync(body, { level: 9 });
        if (zipped.length < body.length) writeFileSync(`${folder}/${name}.gz`, zipped);
      }
    },
  };
}

/** Let the browser ask for the map's library at once, beside the script that imports it. */
function preloaded(): Plugin {
  return {
    name: "preloaded",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter((chunk) => chunk.type === "chunk" && chunk.isDynamicEntry && chunk.name === "open")
          .map(({ fileName }) => ({ tag: "link", attrs: { rel: "modulepreload", href: `/${fileName}` } })),
    },
  };
}

export default defineConfig({
  plugins: [land(), preloaded(), packed()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "static",
    assetsInlineLimit: 0, // the policy of the page allows no data: addresses for scripts and styles
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 2000, // kB; the map library is one chunk
  },
  worker: { format: "es" },
  server: { proxy: { "/api": { target: WATCH, ws: true }, "/login": WATCH, "/tiles": WATCH } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
