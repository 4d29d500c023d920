// @vitest-environment node
import { expect, test } from "vitest";
import type { FloorPlan } from "../floor/floor-plan";
import { arrows, groupWord, lastDone, walkMap } from "./map-model";
import type { Line } from "./walk";

const PLAN: FloorPlan = {
  aisles: 3,
  gap: 40,
  block_lengths: [100, 60],
  depot: { aisle: 0, cross: 0 },
};
const at = (aisle: number, block: number, offset_dm: number) =>
  ({ aisle, block, offset_dm }) as unknown as Line;

test("the line begins where the picker is, meets the stops in their order and ends at the drop-off", () => {
  const map = walkMap(PLAN, [at(1, 0, 20), at(0, 0, 50)], at(2, 0, 30), 10);
  expect(map.here).toEqual({ aisle: 2, y: 30 });
  expect(map.next).toEqual({ aisle: 1, y: 20 });
  expect(map.path.map(({ aisle, y }) => [aisle, y])).toEqual([
    [2, 30],
    [2, 0],
    [1, 0],
    [1, 20],
    [1, 0],
    [0, 0],
    [0, 50],
    [0, 0],
  ]);
});

test("a picker who has scanned nothing yet stands at the nearest depot", () => {
  const plan = { ...PLAN, depots: [{ aisle: 2, cross: 2 }] };
  expect(walkMap(plan, [at(2, 1, 40)], undefined, 10).here).toEqual({ aisle: 2, y: 160 });
  expect(walkMap(plan, [at(0, 0, 20)], undefined, 10).here).toEqual({ aisle: 0, y: 0 });
});

test("the walk ends at the drop-off that is nearest to its last stop", () => {
  const dropoffs = [
    { aisle: 0, cross: 0 },
    { aisle: 2, cross: 2 },
  ];
  const map = walkMap({ ...PLAN, dropoffs }, [at(0, 0, 20), at(2, 1, 50)], undefined, 10);
  expect(map.end).toEqual({ aisle: 2, y: 160 });
});

test("the line keeps to one-way aisles", () => {
  const oneWay = { ...PLAN, aisle_direction: [1, -1, 0] };
  const { path } = walkMap(oneWay, [at(0, 0, 50), at(1, 0, 50)], undefined, 10);
  expect(path.map(({ aisle, y }) => [aisle, y])).toEqual([
    [0, 0],
    [0, 50],
    [0, 100],
    [1, 100],
    [1, 50],
    [1, 0],
    [0, 0],
  ]);
});

test("stops that stand close together share a sign that counts them", () => {
  const ahead = [at(0, 0, 10), at(1, 0, 10), at(1, 0, 15), at(1, 0, 90), at(2, 0, 90)];
  const { later } = walkMap(PLAN, ahead, undefined, 20);
  expect(later.map(groupWord)).toEqual(["2–3", "4", "5"]);
});

test("of a wide floor only the aisles of the walk are drawn", () => {
  const wide = { ...PLAN, aisles: 40, depot: { aisle: 20, cross: 0 } };
  expect(walkMap(wide, [at(23, 0, 10)], at(21, 0, 10), 10)).toMatchObject({ from: 19, to: 24 });
  expect(walkMap(PLAN, [at(1, 0, 10)], undefined, 10)).toMatchObject({ from: 0, to: 2 });
});

test("an arrow in each block says which way an aisle leads", () => {
  const found = arrows({ ...PLAN, aisle_direction: [1, 0, -1] });
  expect(found).toEqual([
    { spot: { aisle: 0, y: 50 }, up: true },
    { spot: { aisle: 0, y: 130 }, up: true },
    { spot: { aisle: 2, y: 50 }, up: false },
    { spot: { aisle: 2, y: 130 }, up: false },
  ]);
});

test("on another device the picker stands where the walk was done last", () => {
  const line = (no: number, seq: number, state: string) => ({ no, seq, state }) as unknown as Line;
  const lines = [line(1, 3, "picked"), line(2, 1, "short"), line(3, 4, "open")];
  expect(lastDone(lines)?.no).toBe(1);
  expect(lastDone([line(3, 4, "open")])).toBeUndefined();
});
