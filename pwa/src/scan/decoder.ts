/** Reads bar codes from pictures. Big (WebAssembly): only ever imported when a camera is used. */
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

export interface Decoded {
  /** As printed, GS as `\x1d`, without the symbology identifier. */
  raw: string;
  /** ISO/IEC 15424, e.g. `]d2`; it tells a GS1 code from its plain twin. */
  symbology: string;
}

const OPTIONS: ReaderOptions = {
  formats: ["EANUPC", "Code128", "ITF", "Code39", "DataBar", "DataMatrix", "QRCode", "Aztec"],
  tryHarder: true,
  tryDownscale: true,
  maxNumberOfSymbols: 1,
  textMode: "Plain",
};

/** Loads the decoder from this app's own files. */
export async function prepare(): Promise<void> {
  const locateFile = (path: string, prefix: string) =>
    path.endsWith(".wasm") ? wasmUrl : prefix + path;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
}

/** The first readable code in a picture, if any. */
export async function decode(picture: ImageData): Promise<Decoded | null> {
  const results = await readBarcodes(picture, OPTIONS);
  const found = results.find(result => result.isValid && result.text !== "");
  return found ? { raw: found.text, symbology: found.symbologyIdentifier } : null;
}
