// @vitest-environment node
import vectors from "@vectors/scan.json";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { hasCheckDigit } from "./gs1-checks";
import { resolve } from "./resolve";

interface Vector {
  readonly rule: string;
  readonly raw: string;
  readonly settings: { year: number; separator?: string; short_gtin?: boolean };
  readonly scan: object;
}

describe("shared vectors", () => {
  test.each(vectors as Vector[])("$rule", ({ raw, settings, scan }) => {
    const { short_gtin: shortGtin = false, ...rest } = settings;
    expect(resolve(raw, { ...rest, shortGtin })).toEqual(scan);
  });
});

describe("any text", () => {
  const pieces = fc.constantFrom(
    "]C1",
    "]d2",
    "]E0",
    "\x1d",
    "01",
    "10",
    "17",
    "https://a/",
    "(01)",
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9]{8,20}$/));
  const raw = fc.array(fc.oneof(pieces, text), { maxLength: 6 }).map(parts => parts.join(""));

  it("is resolved, and no GTIN has a wrong check digit", () => {
    fc.assert(
      fc.property(raw, scanned => {
        const scan = resolve(scanned, { year: 2026 });
        expect(scan.kind === "refused").toBe(scan.error !== undefined);
        if (scan.gtin !== undefined) expect(hasCheckDigit(scan.gtin)).toBe(true);
        if (scan.sscc !== undefined) expect(hasCheckDigit(scan.sscc)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
