import { expect, test } from "vitest";
import { stationOf, stationsOf } from "./stations";

const BENCH = { id: "b1", name: "Bench 1", kind: "network", address: "10.0.0.21", dpi: 203 };

test("a setting of another build leaves out what cannot be read", () => {
  const odd = [BENCH, { id: "b2", name: "Bench 2", kind: "pigeon" }, "b3", { id: 4 }];
  expect(stationsOf({ stations: odd })).toEqual([BENCH]);
  for (const none of [undefined, null, [], "x", { stations: {} }])
    expect(stationsOf(none)).toEqual([]);
});

test("one bench is this bench, of several the chosen one", () => {
  const two = stationsOf({ stations: [BENCH, { ...BENCH, id: "b2" }] });
  expect(stationOf(two.slice(0, 1), "")?.id).toBe("b1");
  expect(stationOf(two, "")).toBeUndefined();
  expect(stationOf(two, "b2")?.id).toBe("b2");
  expect(stationOf(two, "gone")).toBeUndefined();
});
