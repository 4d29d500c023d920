// @vitest-environment node
import { expect, test } from "vitest";
import type { OrderRow, PresenceRow, RunRow, StopStateRow } from "../../kernel/contract";
import { lineOf, onMap, onRoad, seenLast } from "./fleet-model";
import { isLate, lateStops, openWaves, percent, runsOut } from "./progress";
import { freshness, lateOrders, STALE_MS } from "./wall-model";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function order(number: string, due_in: number, state = "released"): OrderRow {
  return { id: number, number, state, due_at: NOW + due_in, eta: null } as OrderRow;
}

function stop(fields: Partial<StopStateRow>): StopStateRow {
  return {
    id: "s1",
    run: "r1",
    seq: 1,
    order: "o1",
    order_number: "1",
    state: "planned",
    outcome: null,
    reason: null,
    city: "",
    lat_e7: 1,
    lon_e7: 2,
    placed_by: "",
    opens_at: 0,
    closes_at: 0,
    eta: null,
    delayed: false,
    loaded: true,
    ...fields,
  };
}

const run = (number: number, state: string) => ({ id: `r${number}`, number, state }) as RunRow;

test("the latest stands first, then what will be late, and what is well is not there", () => {
  const orders = [
    order("well", 60 * MINUTE),
    order("will", 5 * MINUTE),
    order("late", -5 * MINUTE),
    order("latest", -50 * MINUTE),
    order("over", -90 * MINUTE, "delivered"),
    order("worse", 10 * MINUTE),
  ];
  const forecasts = new Map([
    ["will", { at: NOW + 15 * MINUTE }],
    ["worse", { at: NOW + 90 * MINUTE }],
    ["well", { at: NOW + 30 * MINUTE }],
  ]);
  const found = lateOrders(orders, forecasts, NOW);
  expect(found.map(one => one.order.number)).toEqual(["latest", "late", "worse", "will"]);
  expect(found.map(one => one.standing.ms / MINUTE)).toEqual([50, 5, 80, 10]);
});

test("a wall is live while the server speaks, and says since when it does not", () => {
  expect(freshness(true, NOW, NOW + STALE_MS - 1)).toBe("live");
  expect(freshness(true, NOW, NOW + STALE_MS)).toBe("stale");
  expect(freshness(false, NOW, NOW)).toBe("stale");
  expect(freshness(true, null, NOW)).toBe("empty");
});

test("a hundred per cent is said only when nothing is left", () => {
  expect([percent(0, 3), percent(199, 200), percent(3, 3), percent(5, 3)]).toEqual([
    0, 99, 100, 100,
  ]);
  expect(percent(0, 0)).toBe(100);
});

test("of the waves those are shown that still have lines, the longest first", () => {
  const wave = (number: number, done: number, at: number | null) => ({
    number,
    lines: 9,
    done,
    at,
  });
  const found = openWaves([
    wave(1, 9, null),
    wave(2, 3, NOW),
    wave(3, 0, NOW + 1),
    wave(4, 1, null),
  ]);
  expect(found.map(({ number }) => number)).toEqual([4, 3, 2]);
});

test("a stop is late when it misses its window or its customer, whether it was planned or not", () => {
  const closes = { closes_at: NOW + 10 * MINUTE };
  expect(isLate(stop({ ...closes, eta: NOW + 9 * MINUTE }), NOW)).toBe(false);
  expect(isLate(stop({ ...closes, eta: NOW + 11 * MINUTE }), NOW)).toBe(true);
  expect(isLate(stop({ ...closes }), NOW + 11 * MINUTE)).toBe(true);
  expect(isLate(stop({ ...closes, state: "arrived" }), NOW + 11 * MINUTE)).toBe(false);
  expect(isLate(stop({ delayed: true }), NOW)).toBe(true);
  expect(isLate(stop({ delayed: true, state: "closed" }), NOW)).toBe(false);
  expect(isLate(stop({ eta: NOW + 99 * MINUTE }), NOW)).toBe(false);
});

test("runs that are over are not out, and each counts its own late stops", () => {
  const out = runsOut([run(3, "departed"), run(1, "closed"), run(2, "loading")]);
  expect(out.map(({ number }) => number)).toEqual([2, 3]);
  const late = stop({ run: "r2", delayed: true });
  expect([lateStops(run(2, "loading"), [late], NOW), lateStops(run(3, ""), [late], NOW)]).toEqual([
    1, 0,
  ]);
});

test("the map tells stops apart by what became of them", () => {
  expect(onMap(stop({ state: "closed", outcome: "full" }), "x", NOW)).toMatchObject({
    done: true,
    failed: false,
    next: false,
  });
  expect(onMap(stop({ state: "closed", outcome: "refused" }), "x", NOW)).toMatchObject({
    done: true,
    failed: true,
  });
  expect(onMap(stop({ delayed: true }), "s1", NOW)).toMatchObject({ next: true, late: true });
});

test("a run on the road knows its next stop, in the order of the drive", () => {
  const stops = [
    stop({ id: "c", seq: 3 }),
    stop({ id: "a", seq: 1, state: "closed", outcome: "full" }),
    stop({ id: "b", seq: 2, delayed: true }),
    stop({ id: "other", run: "r9" }),
  ];
  const [one] = onRoad([run(1, "departed"), run(2, "closed")], stops, NOW);
  expect([one?.next?.id, one?.late]).toEqual(["b", 1]);
  const line = one && lineOf(one, NOW);
  expect(line?.stops.map(({ number, done, next }) => [number, done, next])).toEqual([
    [1, true, false],
    [2, false, true],
    [3, false, false],
  ]);
});

test("a van is where it was heard of last: at a door, or from its driver on the way", () => {
  const van = { state: "departed", driver: "dan", lat_e7: 1, lon_e7: 1, seen_at: NOW } as RunRow;
  const heard = (person: string, at: number, lat_e7: number | null = 2) =>
    ({ person, seen_at: at, lat_e7, lon_e7: lat_e7 }) as PresenceRow;
  const lat = (run: RunRow, ...presence: PresenceRow[]) => seenLast(run, presence)?.lat_e7;
  expect(lat(van, heard("dan", NOW + 1))).toBe(2);
  expect(lat(van, heard("dan", NOW - 1))).toBe(1);
  expect(lat(van, heard("dan", NOW + 1, null))).toBe(1);
  expect(lat(van, heard("eve", NOW + 1))).toBe(1);
  expect(lat({ ...van, state: "loading" }, heard("dan", NOW + 1))).toBe(1);
  expect(seenLast({ ...van, driver: null, lat_e7: null }, [heard("dan", NOW)])).toBeNull();
});
