/** Finds bar codes in one picture. Runs in the decoder's worker; big, by the reader it imports. */
import { type ReaderOptions, type ReadResult, readBarcodes } from "zxing-wasm/reader";
import type { Decoded } from "./decoder";
import { halved, sharpened, toGrey, toPicture } from "./picture";

type Picture = Pick<ImageData, "width" | "height" | "data">;

const OPTIONS: ReaderOptions = {
  formats: ["EANUPC", "Code128", "ITF", "Code39", "DataBar", "DataMatrix", "QRCode", "Aztec"],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 4,
  textMode: "Plain",
};

interface Pass {
  readonly prepared: (picture: Picture) => Picture;
  readonly options: ReaderOptions;
}

/**
 * Ways to look at a picture, the likeliest first. Sharpening also draws bars that are not there:
 * what it shows must stand in more rows.
 */
const PASSES: readonly Pass[] = [
  { prepared: picture => picture, options: OPTIONS },
  { prepared: picture => toPicture(halved(toGrey(picture))), options: OPTIONS },
  {
    prepared: picture => toPicture(sharpened(toGrey(picture))),
    options: { ...OPTIONS, minLineCount: 3 },
  },
];

export const PASS_COUNT = PASSES.length;

/**
 * The second bar code of a Japanese book states its class and its price: a fake EAN-13 that is no
 * item's number, beside the one that is.
 */
const BOOK_PRICE = /^19[12][0-9]{10}$/;

/** All readable codes, the one nearest the picture's middle first: that is aimed at. */
export async function readCodes(picture: Picture, pass: number): Promise<Decoded[]> {
  const way = PASSES[pass % PASS_COUNT];
  if (!way) return [];
  const prepared = way.prepared(picture);
  const results = await readBarcodes(prepared as ImageData, way.options);
  return results
    .filter(result => result.isValid && result.text !== "" && !isBookPrice(result))
    .sort((a, b) => offCentre(a, prepared) - offCentre(b, prepared))
    .map(result => ({ raw: result.text, symbology: result.symbologyIdentifier }));
}

function isBookPrice({ symbologyIdentifier, text }: ReadResult): boolean {
  return symbologyIdentifier === "]E0" && BOOK_PRICE.test(text);
}

function offCentre({ position }: ReadResult, { width, height }: Picture): number {
  const x = (position.topLeft.x + position.bottomRight.x - width) / 2;
  const y = (position.topLeft.y + position.bottomRight.y - height) / 2;
  return Math.hypot(x, y);
}
