import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Node 20 has no Map.groupBy, which the reporter needs to tell what failed.
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map();
  let at = 0;
  for (const item of items) {
    const key = keyOf(item, at++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

/** The folder of test data: tests that need it skip themselves where it is missing. */
const named =
  process.env.DOCKHAND_DATA ?? fileURLToPath(new URL("../../shared/data", import.meta.url));
const data = existsSync(named) ? realpathSync(named) : named;
const vectors = fileURLToPath(new URL("../tests/vectors", import.meta.url));

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  define: { __APP_VERSION__: JSON.stringify("test") },
  resolve: { alias: { "@vectors": vectors, "@data": data } },
  server: { fs: { allow: [".", vectors, data] } },
  test: {
    // A page is half of what a file costs: files that need none begin with `@vitest-environment node`.
    environment: "happy-dom",
    // Each file has a worker of its own either way; a thread starts sooner than a process.
    pool: "threads",
    // Style sheets are read by the test of their contrasts.
    css: true,
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/i18n/all-words.ts"],
  },
});
