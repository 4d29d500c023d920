import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin, type Rolldown } from "vite";

const BACKEND = process.env.DOCKHAND_BACKEND ?? "http://127.0.0.1:8000";
const PROXIED = ["/api", "/auth", "/blobs", "/documents", "/pod", "/sync"];

/** The camera decoder is big and most devices have a scanner: it is cached after the rest. */
function isHeavy(name: string): boolean {
  return name.endsWith(".wasm") || /(^|\/)decoder-/.test(name);
}

/** Fills `__PRECACHE__` in sw.js with every emitted asset and every public file. */
function precache(): Plugin {
  let publicDir = "";
  return {
    name: "dockhand-precache",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle(_options, bundle) {
      const hash = createHash("sha256");
      const first = ["/"];
      const later: string[] = [];
      for (const [name, file] of sorted(bundle)) {
        if (name === "sw.js" || name.endsWith(".map")) continue;
        hash.update(name).update(file.type === "chunk" ? file.code : file.source);
        // Pages beside the app are for other people's phones, which keep nothing.
        if (!name.endsWith(".html")) (isHeavy(name) ? later : first).push(`/${name}`);
      }
      for (const name of readdirSync(publicDir).sort()) {
        hash.update(name).update(readFileSync(join(publicDir, name)));
        first.push(`/${name}`);
      }
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("the build emitted no sw.js");
      // The worker's own code counts too: a changed worker must not share a cache with the old one.
      const version = hash.update(worker.code).digest("hex").slice(0, 12);
      const manifest = JSON.stringify({ version, first, later });
      worker.code = worker.code.replaceAll("__PRECACHE__", manifest);
    },
  };
}

function sorted(bundle: Rolldown.OutputBundle) {
  return Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1));
}

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  define: { __APP_VERSION__: JSON.stringify(process.env.npm_package_version ?? "0.0.0") },
  plugins: [precache()],
  server: {
    proxy: Object.fromEntries(
      PROXIED.map(path => [path, { target: BACKEND, ws: path === "/sync" }]),
    ),
  },
  build: {
    target: "es2022",
    outDir: process.env.DOCKHAND_STATIC ?? "../server/static",
    emptyOutDir: true,
    // data: URLs are not in the content security policy for scripts and fonts; hashed files cache better.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: "index.html", sign: "sign.html", sw: "src/sw/sw.ts" },
      output: {
        entryFileNames: chunk => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
