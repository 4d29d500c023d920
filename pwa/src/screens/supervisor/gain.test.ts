// @vitest-environment node
import { expect, test } from "vitest";
import { extraPercent, savedPercent, walkedToday } from "./gain";

test("a shorter walk saves whole per cents", () => {
  expect(savedPercent(90, 150)).toBe(40);
});

test("a walk that is no shorter saves nothing", () => {
  expect(savedPercent(100, 100)).toBe(0);
  expect(savedPercent(120, 100)).toBe(0);
  expect(savedPercent(0, 0)).toBe(0);
});

test("a longer walk costs whole per cents, a shorter one none", () => {
  expect(extraPercent(150, 100)).toBe(50);
  expect(extraPercent(100, 150)).toBe(0);
  expect(extraPercent(100, 0)).toBe(0);
});

const NOON = new Date(2026, 10, 28, 12).getTime();
const HOUR = 3_600_000;

function walked(hour: number, metres: number) {
  return { hour, tasks: 1, metres, s_shape_metres: metres * 2 };
}

test("a day's walk is that of its hours, from midnight by the desk's own clock", () => {
  const hours = [walked(NOON - 13 * HOUR, 500), walked(NOON - 12 * HOUR, 30), walked(NOON, 12.5)];
  expect(walkedToday(hours, NOON)).toEqual({ metres: 42.5, sShape: 85 });
});

test("what a clock ahead of time has written down is not of today", () => {
  expect(walkedToday([walked(NOON + HOUR, 30)], NOON)).toEqual({ metres: 0, sShape: 0 });
});
