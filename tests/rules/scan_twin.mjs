// Runs the web app's resolver for a test: a JSON question a line in, its answer a line out.
// {"raw", "settings"} is resolved; {"check", "part", "year"} asks one of the GS1 checks.
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rolldown } from "../../pwa/node_modules/rolldown/dist/index.mjs";

const scan = new URL("../../pwa/src/scan/", import.meta.url);

async function load(name) {
  const bundle = await rolldown({ input: fileURLToPath(new URL(name, scan)), logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

const [{ resolve }, { CHECKS }] = await Promise.all([load("resolve.ts"), load("gs1-checks.ts")]);

for await (const line of createInterface({ input: process.stdin })) {
  const { raw, settings, check, part, year } = JSON.parse(line);
  const answer = check ? CHECKS[check](part, year) : resolve(raw, settings);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
