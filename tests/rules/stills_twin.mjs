// Runs the web app's decoder on pictures for a test. In: for each, a line of JSON {"width",
// "height"}, then its RGBA bytes. Out: a line of JSON, the codes of the first pass that finds any.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "../../pwa/node_modules/rolldown/dist/index.mjs";

const here = path => fileURLToPath(new URL(path, import.meta.url));
const zxing = here("../../pwa/node_modules/zxing-wasm/dist/");

async function load() {
  const bundle = await rolldown({
    input: "twin",
    logLevel: "silent",
    plugins: [
      {
        name: "twin",
        resolveId: id => (id === "twin" ? here("../../pwa/src/scan/twin.js") : null),
        load: id =>
          id.endsWith("twin.js")
            ? 'export * from "./reading"; export { prepareZXingModule } from "zxing-wasm/reader";'
            : null,
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

const { readCodes, PASS_COUNT, prepareZXingModule } = await load();
const wasmBinary = readFileSync(`${zxing}reader/zxing_reader.wasm`);
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

const input = readFileSync(0);
for (let at = 0; at < input.length; ) {
  const end = input.indexOf(10, at);
  const { width, height } = JSON.parse(input.toString("utf8", at, end));
  at = end + 1 + 4 * width * height;
  const data = new Uint8ClampedArray(input.subarray(end + 1, at));
  let codes = [];
  for (let pass = 0; pass < PASS_COUNT && codes.length === 0; pass++) {
    codes = await readCodes({ width, height, data }, pass);
  }
  process.stdout.write(`${JSON.stringify(codes)}\n`);
}
