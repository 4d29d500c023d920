// @vitest-environment node
import { expect, test } from "vitest";
import vectors from "../../../tests/vectors/check_digits.json";
import { checkDigits, isCheckDigits } from "./check-digits";

test.each(Object.entries(vectors))("the check digits of %s are %s", (code, digits) => {
  expect(checkDigits(code)).toBe(digits);
});

test("two digits and nothing else are check digits", () => {
  for (const text of ["47", " 04 "]) expect(isCheckDigits(text)).toBe(true);
  for (const text of ["", "4", "474", "4 7", "A7", "４７"]) expect(isCheckDigits(text)).toBe(false);
});
