// @vitest-environment node
import { expect, test } from "vitest";
import { addressFits, type Bench, freshId, withBench, withoutBench } from "./edit";

const ONE: Bench = { id: "bench-1", name: "Bench 1", kind: "network", address: "10.0.0.21" };
const TWO: Bench = { id: "bench-2", name: "Bench 2", kind: "browser" };

test("a bench is added, changed and taken out; what else the setting says stays", () => {
  const first = withBench(undefined, ONE);
  expect(first).toEqual({ stations: [ONE] });
  const both = withBench({ ...first, tries: 7 }, TWO);
  expect(both).toEqual({ tries: 7, stations: [ONE, TWO] });
  const moved = withBench(both, { ...ONE, address: "10.0.0.99" });
  expect(moved).toEqual({ tries: 7, stations: [{ ...ONE, address: "10.0.0.99" }, TWO] });
  expect(withoutBench(moved, "bench-1")).toEqual({ tries: 7, stations: [TWO] });
});

test("ids are new, short and plain, whatever the name is written in", () => {
  expect(freshId("Bench 3 (north)", [])).toBe("bench-3-north");
  expect(freshId("Bench 1", [ONE])).toBe("bench-1-2");
  expect(freshId("打包台", [])).toBe("bench");
  expect(freshId("打包台", [{ ...ONE, id: "bench" }])).toBe("bench-2");
  expect(freshId("x".repeat(80), []).length).toBeLessThanOrEqual(32);
});

test.each(["10.0.0.21", "10.0.0.21:9100", "zebra-1.dock.example", "[fe80::1]:6101"])(
  "%s is an address",
  address => expect(addressFits(address)).toBe(true),
);

test.each(["", ":9100", "http://10.0.0.21", "10.0.0.21:0", "10.0.0.21:70000", "a b", "a/b"])(
  "%s is none",
  address => expect(addressFits(address)).toBe(false),
);
