// @vitest-environment node
import { expect, test } from "vitest";
import type { PlaceRow } from "../../kernel/contract";
import type { FloorPlan } from "../floor/floor-plan";
import {
  aisleHeat,
  bays,
  type FloorBin,
  initials,
  steps,
  warmth,
  whereabouts,
  zoneAreas,
} from "./floor-model";

const PLAN: FloorPlan = {
  aisles: 3,
  gap: 40,
  block_lengths: [100, 60],
  depot: { aisle: 0, cross: 0 },
};

function bin(code: string, fields: Partial<FloorBin> = {}): FloorBin {
  return {
    code,
    kind: "pick",
    zone: "",
    aisle: 0,
    block: 0,
    offset_dm: 10,
    side: "L",
    level: 1,
    ...fields,
  };
}

test("the levels of one place are one bay, and their picks add up", () => {
  const bins = [bin("a1"), bin("a2", { level: 2 }), bin("b", { side: "R" })];
  const found = bays(PLAN, bins, { a1: 2, a2: 3 });
  expect(found.map(({ codes, picks }) => [codes, picks])).toEqual([
    [["a1", "a2"], 5],
    [["b"], 0],
  ]);
});

test("a bin that is not on this floor is not drawn", () => {
  const bins = [bin("x", { aisle: 3 }), bin("y", { block: 2 }), bin("z", { offset_dm: 101 })];
  expect(bays(PLAN, bins, {})).toEqual([]);
});

test("a bay is as long as bays usually are, and never into the next one", () => {
  const at = (offset_dm: number, side = "L") => bin(`${offset_dm}${side}`, { offset_dm, side });
  const shelf = bays(PLAN, [at(10), at(30), at(50), at(90), at(95), at(45, "R")], {});
  expect(shelf.map(({ length }) => length)).toEqual([20, 20, 20, 5, 5, 20]);
  expect(bays(PLAN, [at(10)], {})[0]?.length).toBe(30);
});

test("no picks are cold, one is warm, the busiest is the warmest", () => {
  expect([0, 1, 5, 6, 20].map(picks => warmth(picks, 20))).toEqual([0, 1, 1, 2, 4]);
  expect(warmth(1, 1)).toBe(4);
  expect(warmth(3, 0)).toBe(0);
});

test("the legend says which numbers each warmth stands for, without gaps", () => {
  for (const most of [1, 2, 3, 7, 20, 1000])
    for (const step of steps(most)) {
      expect(warmth(step.least, most)).toBe(step.warmth);
      expect(warmth(step.most, most)).toBe(step.warmth);
    }
  expect(steps(20).map(({ least, most }) => [least, most])).toEqual([
    [1, 5],
    [6, 10],
    [11, 15],
    [16, 20],
  ]);
  expect(steps(2).map(({ least }) => least)).toEqual([1, 2]);
  expect(steps(0)).toEqual([]);
});

test("each aisle has its picks, its zones and its busiest bin", () => {
  const bins = [bin("a", { zone: "light" }), bin("b", { offset_dm: 20 }), bin("c", { aisle: 2 })];
  const found = aisleHeat(PLAN, bins, { a: 1, b: 4 });
  expect(found.map(({ bins: n, picks, busiest }) => [n, picks, busiest])).toEqual([
    [2, 5, "b"],
    [0, 0, ""],
    [1, 0, ""],
  ]);
  expect(found[0]?.zones).toEqual(["light"]);
});

test("neighbouring aisles of one zone are one area, block by block", () => {
  const bins = [
    bin("a", { zone: "heavy" }),
    bin("b", { zone: "light", aisle: 1 }),
    bin("b2", { zone: "light", aisle: 1, offset_dm: 20 }),
    bin("b3", { zone: "heavy", aisle: 1, offset_dm: 30 }),
    bin("c", { zone: "light", aisle: 2 }),
    bin("d", { zone: "light", aisle: 2, block: 1 }),
    bin("e", { aisle: 0, block: 1 }),
  ];
  expect(zoneAreas(PLAN, bins)).toEqual([
    { zone: "heavy", block: 0, from: 0, to: 0 },
    { zone: "light", block: 0, from: 1, to: 2 },
    { zone: "light", block: 1, from: 2, to: 2 },
  ]);
});

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const row = (person: string, at: string, ago: number): PlaceRow => ({
  person,
  bin: at,
  task: "",
  doing: "pick",
  at: NOW - ago * MINUTE,
});

test("people are where they confirmed last; longer ago is said, half a day ago is gone", () => {
  const bins = new Map([["a", bin("a")]]);
  const rows = [row("p1", "a", 30), row("p2", "a", 1), row("p3", "DOCK", 2), row("p4", "a", 800)];
  const found = whereabouts(PLAN, rows, bins, person => person.toUpperCase(), NOW);
  expect(found.map(({ name, isLongAgo, beside }) => [name, isLongAgo, beside])).toEqual([
    ["P2", false, 0],
    ["P3", false, 0],
    ["P1", true, 1],
  ]);
  expect(found.map(({ spot }) => spot)).toEqual([{ aisle: 0, y: 10 }, null, { aisle: 0, y: 10 }]);
  expect(whereabouts(null, rows, bins, String, NOW).every(({ spot }) => spot === null)).toBe(true);
});

test("a sign has room for two characters of a name", () => {
  expect(["Li Na", "Wei", "李娜", "欧阳 娜娜", "Ana Maria Lopez", ""].map(initials)).toEqual([
    "LN",
    "We",
    "李娜",
    "欧阳",
    "AM",
    "",
  ]);
});
