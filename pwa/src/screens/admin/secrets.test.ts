// @vitest-environment node
import { expect, test } from "vitest";
import { newBadge, newPin } from "./secrets";

/** Gives the numbers in turn. */
const fixed = (...numbers: number[]) => {
  const left = [...numbers];
  return () => left.shift() ?? 0;
};

test("a PIN that anybody would try is drawn again", () => {
  const row = [1, 2, 3, 4, 5, 6];
  const down = [9, 8, 7, 6, 5, 4];
  const same = [7, 7, 7, 7, 7, 7];
  const pairs = [1, 2, 1, 2, 1, 2];
  expect(newPin(fixed(...row, ...down, ...same, ...pairs, 4, 9, 3, 0, 2, 7))).toBe("493027");
});

test("PINs have six digits and badges hold no letter that is misread", () => {
  for (let i = 0; i < 200; i++) {
    expect(newPin()).toMatch(/^\d{6}$/);
    expect(newBadge()).toMatch(/^B-[2-9A-HJKMNP-Z]{6}$/);
  }
});
