// @vitest-environment node
import { expect, test } from "vitest";
import { code128Values, code128Widths, isSscc, ssccValues, ssccWidths } from "./code128";

/** Bars as 1, spaces as 0, one character a module. */
function modules(text: string): string {
  return code128Widths(text)
    .map((width, i) => (i % 2 === 0 ? "1" : "0").repeat(width))
    .join("");
}

test("a parcel number gives the modules that other encoders give", () => {
  const known =
    "1101001000011101110110100110111001011101111011011001100110110011001101100110011001101100" +
    "101100001001100011101011";
  expect(modules("P-00000001")).toBe(known);
});

test("letters stand in set B, with the check sign of the standard's rule", () => {
  // 104 + 1·48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879; 879 mod 103 = 55
  expect(code128Values("PJJ123C")).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55, 106]);
});

test("runs of four digits or more stand in pairs in set C", () => {
  expect(code128Values("12345678").slice(0, 5)).toEqual([105, 12, 34, 56, 78]);
  expect(code128Values("A1234567").slice(1, 7)).toEqual([33, 17, 99, 23, 45, 67]);
  expect(code128Values("123456X").slice(4, 6)).toEqual([100, 56]);
  expect(code128Values("A123").slice(1, 5)).toEqual([33, 17, 18, 19]);
});

test("every sign is 11 modules wide and the stop sign 13", () => {
  const text = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
  const signs = code128Values(text).length;
  expect(modules(text)).toHaveLength((signs - 1) * 11 + 13);
});

test("a character outside ASCII is refused", () => {
  expect(() => code128Values("P-1号")).toThrow(RangeError);
});

test("an SSCC is GS1-128: FNC1, 00 and the digits in pairs", () => {
  const sscc = "376104250021234569";
  expect(ssccValues(sscc).slice(0, 12)).toEqual([105, 102, 0, 37, 61, 4, 25, 0, 21, 23, 45, 69]);
  // Two signs more than ten pairs have: FNC1 and the check sign; the stop sign is two modules wider.
  expect(ssccWidths(sscc).reduce((sum, width) => sum + width, 0)).toBe(13 * 11 + 13);
  expect(() => ssccValues("P-00000001")).toThrow(RangeError);
  expect([isSscc(sscc), isSscc("P-00000001")]).toEqual([true, false]);
});
