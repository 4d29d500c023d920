// @vitest-environment node
import { expect, test } from "vitest";
import { asFloorPlan, type FloorPlan, spotOf, walkPast } from "./floor-plan";

const PLAN: FloorPlan = {
  aisles: 3,
  gap: 40,
  block_lengths: [100, 60],
  depot: { aisle: 0, cross: 0 },
};

test("a place lies behind the front of its block", () => {
  expect(spotOf(PLAN, { aisle: 2, block: 1, offset_dm: 15 })).toEqual({ aisle: 2, y: 115 });
});

test("a leg to another aisle goes by the cross aisle that is nearest to both ends", () => {
  const near = walkPast(PLAN, [
    { aisle: 0, y: 80 },
    { aisle: 2, y: 90 },
  ]);
  expect(near).toEqual([
    { aisle: 0, y: 80 },
    { aisle: 0, y: 100 },
    { aisle: 2, y: 100 },
    { aisle: 2, y: 90 },
  ]);
  const front = walkPast(PLAN, [
    { aisle: 0, y: 20 },
    { aisle: 1, y: 10 },
  ]);
  expect(front[1]).toEqual({ aisle: 0, y: 0 });
});

test("a leg within an aisle is straight", () => {
  const spots = [
    { aisle: 1, y: 20 },
    { aisle: 1, y: 150 },
  ];
  expect(walkPast(PLAN, spots)).toEqual(spots);
});

test("a setting that is no floor plan draws no map", () => {
  expect(asFloorPlan(PLAN)).toBe(PLAN);
  for (const value of [null, undefined, 3, {}, { ...PLAN, block_lengths: ["a"] }])
    expect(asFloorPlan(value)).toBeNull();
});
