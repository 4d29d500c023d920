import { expect, test } from "vitest";
import { range, thinned } from "./plot";

test("as many marks are named as there is room for", () => {
  expect(thinned([1, 2, 3, 4, 5], 10)).toEqual([1, 2, 3, 4, 5]);
  expect(thinned([1, 2, 3, 4, 5], 2)).toEqual([1, null, null, 4, null]);
  expect(thinned([1, 2], 0)).toEqual([1, null]);
});

test("a scale leaves some room, and does not go below nought by itself", () => {
  expect(range(90, 100)).toEqual([89, 101]);
  expect(range(0.2, 3.2)[0]).toBe(0);
  expect(range(-5, 5)).toEqual([-6, 6]);
  expect(range(50, 50)).toEqual([45, 55]);
  expect(range(null, null)).toEqual([0, 1.1]);
});
