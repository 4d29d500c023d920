// @vitest-environment node
import { expect, test } from "vitest";
import { inkLength, isSigned, LEAST_INK, type Strokes, svgPath, toPad } from "./strokes";

const dot: Strokes = [[{ x: 5000, y: 2500, t: 0 }]];
const line: Strokes = [
  [
    { x: 1000, y: 1000, t: 0 },
    { x: 4000, y: 5000, t: 80 },
  ],
];

test("an empty pad and a pad of dots are not signed", () => {
  expect(isSigned([])).toBe(false);
  const dots: Strokes = Array.from({ length: 40 }, (_, i) => [
    { x: i * 200, y: 2500, t: i },
    { x: i * 200 + 20, y: 2500, t: i },
  ]);
  expect(inkLength(dots)).toBeLessThan(LEAST_INK);
  expect(isSigned(dots)).toBe(false);
});

test("ink is measured along the strokes and not between them", () => {
  expect(inkLength(line)).toBe(5000);
  expect(inkLength([...line, ...dot])).toBe(5000);
  expect(isSigned(line)).toBe(true);
});

test("the same gesture gives the same strokes on a pad of any size", () => {
  const small = toPad({ clientX: 60, clientY: 45 }, { left: 10, top: 20, width: 100, height: 50 });
  const large = toPad(
    { clientX: 500, clientY: 250 },
    { left: 0, top: 0, width: 1000, height: 500 },
  );
  expect(small).toEqual({ x: 5000, y: 2500 });
  expect(large).toEqual(small);
});

test("a finger that leaves the pad stays on its edge", () => {
  const box = { left: 0, top: 0, width: 100, height: 50 };
  expect(toPad({ clientX: -5, clientY: 80 }, box)).toEqual({ x: 0, y: 5000 });
});

test("a dot is drawn too", () => {
  expect(svgPath(dot)).toBe("M5000 2500L5000 2500");
  expect(svgPath(line)).toBe("M1000 1000L4000 5000");
});
