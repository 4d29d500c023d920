import { expect, test } from "vitest";
import type { TaskRow } from "../../kernel/contract";
import { gain, savedPercent } from "./gain";

const row = (id: string, kind: string, metres: number, s_shape_metres: number) =>
  ({ id, kind, lines: 3, metres, s_shape_metres }) as TaskRow;

test("a wave's gain counts its own pick tasks alone", () => {
  const tasks = [
    row("old", "pick", 999, 999),
    row("a", "pick", 60, 100),
    row("b", "pick", 30, 50),
    row("run", "drive", 0, 0),
  ];
  expect(gain(tasks, new Set(["old"]))).toEqual({
    tasks: 2,
    lines: 6,
    metres: 90,
    sShape: 150,
    saved: 40,
  });
});

test("a walk that is no shorter saves nothing", () => {
  expect(savedPercent(100, 100)).toBe(0);
  expect(savedPercent(120, 100)).toBe(0);
  expect(savedPercent(0, 0)).toBe(0);
});
