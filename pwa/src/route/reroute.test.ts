// @vitest-environment node
import vectors from "@vectors/reroute.json";
import { describe, expect, test } from "vitest";
import { type Floor, reroute, routeLength, type Spot, type Stop } from "./reroute";

interface Case {
  name: string;
  layout: Floor;
  from: Spot;
  end: Spot;
  stops: Stop[];
  given: number;
  length: number;
}
const CASES = vectors as Case[];

describe("the server's vectors", () => {
  test.each(CASES)("$name", ({ layout, from, end, stops, given, length }) => {
    const as = stops.map((_, at) => at);
    expect(routeLength(stops, as, from, end, layout)).toBe(given);
    const order = reroute(stops, from, end, layout);
    expect([...order].sort((a, b) => a - b)).toEqual(as);
    const found = routeLength(stops, order, from, end, layout);
    expect(found).toBeLessThanOrEqual(1.03 * length);
    for (const tote of new Set(stops.map(stop => stop.tote))) {
      const ranks = order.flatMap(at => stops[at] ?? []).filter(stop => stop.tote === tote);
      expect(ranks.map(stop => stop.rank)).toEqual(ranks.map(stop => stop.rank).sort());
    }
  });
});

test("the device's walks are on the whole hardly longer than the server's", () => {
  const over = CASES.map(({ layout, from, end, stops, length }) => {
    const order = reroute(stops, from, end, layout);
    return routeLength(stops, order, from, end, layout) / length - 1;
  });
  expect(over.reduce((a, b) => a + b) / over.length).toBeLessThanOrEqual(0.005);
});

const FLOOR: Floor = { gap: 40, block_lengths: [300] };

test("the same stops are always walked in the same order", () => {
  for (const { stops, from, end, layout } of CASES.slice(0, 4))
    expect(reroute(stops, from, end, layout)).toEqual(reroute(stops, from, end, layout));
});

test("a stop that comes new goes where it costs least", () => {
  const stop = (aisle: number, offset_dm: number) => ({ aisle, block: 0, offset_dm });
  const stops = [stop(0, 50), stop(0, 200), stop(1, 200), stop(1, 50), stop(0, 120)];
  const order = reroute(stops, { aisle: 0, y: 0 }, { aisle: 1, y: 0 }, FLOOR);
  expect(order).toEqual([0, 4, 1, 2, 3]);
});

test("a one-way aisle is not walked against its direction", () => {
  const oneWay = { ...FLOOR, aisle_direction: [1, -1] };
  const stops = [
    { aisle: 0, block: 0, offset_dm: 200 },
    { aisle: 0, block: 0, offset_dm: 100 },
  ];
  const start = { aisle: 0, y: 0 };
  expect(reroute(stops, start, start, oneWay)).toEqual([1, 0]);
  expect(routeLength(stops, [0, 1], start, start, oneWay)).toBe(2 * (600 + 80));
});

test("a walk of no stops and of one is left alone", () => {
  const start = { aisle: 0, y: 0 };
  expect(reroute([], start, start, FLOOR)).toEqual([]);
  expect(reroute([{ aisle: 2, block: 0, offset_dm: 9 }], start, start, FLOOR)).toEqual([0]);
});
