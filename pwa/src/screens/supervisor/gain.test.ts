import { expect, test } from "vitest";
import { savedPercent } from "./gain";

test("a shorter walk saves whole per cents", () => {
  expect(savedPercent(90, 150)).toBe(40);
});

test("a walk that is no shorter saves nothing", () => {
  expect(savedPercent(100, 100)).toBe(0);
  expect(savedPercent(120, 100)).toBe(0);
  expect(savedPercent(0, 0)).toBe(0);
});
