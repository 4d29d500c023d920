// @vitest-environment node
import { expect, test } from "vitest";
import { type Grey, halved, sharpened, toGrey, toPicture } from "./picture";

/** A picture whose rows all are this one. */
function rows(row: readonly number[], height: number): Grey {
  const { length: width } = row;
  const data = Uint8ClampedArray.from({ length: width * height }, (_, at) => row[at % width] ?? 0);
  return { width, height, data };
}

test("grey pixels survive the way to the reader and back", () => {
  const grey = rows([0, 128, 255], 2);
  expect(toGrey(toPicture(grey))).toEqual(grey);
});

test("the reader gets opaque pixels of three equal colours", () => {
  expect([...toPicture(rows([7], 1)).data]).toEqual([7, 7, 7, 255]);
});

test("half the size is the mean of four pixels; an odd last row is left out", () => {
  const half = halved(rows([0, 100, 200, 240], 3));
  expect([half.width, half.height]).toEqual([2, 1]);
  expect([...half.data]).toEqual([50, 220]);
});

test("sharpening parts what the lens has run together", () => {
  const blurred = rows([200, 200, 200, 150, 100, 150, 200, 200, 200, 150, 100, 150, 200], 12);
  const sharp = sharpened(blurred);
  expect([sharp.width, sharp.height]).toEqual([2 * blurred.width, 2 * blurred.height]);
  expect(Math.max(...sharp.data) - Math.min(...sharp.data)).toBeGreaterThan(200);
});

test("an even surface stays even", () => {
  expect(new Set(sharpened(rows([90, 90, 90, 90], 4)).data)).toEqual(new Set([90]));
});
