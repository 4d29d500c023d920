// @vitest-environment node
import { describe, expect, it } from "vitest";
import { labelBeside, marked, project, type Spot, scaleBar, together } from "./map-model";

const FRAME = { width: 600, height: 400, margin: 30 };
const spot = (lat: number, lon: number): Spot => ({
  lat_e7: Math.round(lat * 1e7),
  lon_e7: Math.round(lon * 1e7),
});

describe("the drawing of a run", () => {
  it("has north above and east to the right, everything inside its frame", () => {
    const spots = [spot(52.5, 13.4), spot(52.6, 13.5), spot(52.45, 13.3)];
    const { place } = project(spots, FRAME);
    const [home, up, down] = spots.map(place);
    expect(up?.y).toBeLessThan(home?.y ?? 0);
    expect(up?.x).toBeGreaterThan(home?.x ?? 0);
    for (const { x, y } of [home, up, down].map(point => point ?? { x: -1, y: -1 })) {
      expect(x).toBeGreaterThanOrEqual(29.9);
      expect(x).toBeLessThanOrEqual(570.1);
      expect(y).toBeGreaterThanOrEqual(29.9);
      expect(y).toBeLessThanOrEqual(370.1);
    }
  });

  it("is to scale both ways: a kilometre east is as long as one north", () => {
    const home = spot(60, 10);
    const north = spot(60 + 1000 / 111_195, 10);
    const east = spot(60, 10 + 1000 / (111_195 * Math.cos(Math.PI / 3)));
    const { place, metresPerUnit } = project([home, north, east], FRAME);
    const [a, b, c] = [home, north, east].map(place);
    const up = Math.abs((a?.y ?? 0) - (b?.y ?? 0));
    const right = Math.abs((a?.x ?? 0) - (c?.x ?? 0));
    expect(up).toBeCloseTo(1000 / metresPerUnit, 0);
    expect(right / up).toBeCloseTo(1, 2);
  });

  it("stays in one piece over the date line", () => {
    const { place } = project([spot(-17, 179.9), spot(-17, -179.9)], FRAME);
    const [west, east] = [spot(-17, 179.9), spot(-17, -179.9)].map(place);
    expect(east?.x).toBeGreaterThan(west?.x ?? 0);
  });

  it("shows a single door in the middle", () => {
    const { place, metresPerUnit } = project([spot(1, 2)], FRAME);
    expect(place(spot(1, 2))).toEqual({ x: 300, y: 200 });
    expect(metresPerUnit).toBeGreaterThan(0);
  });

  it("has a bar of a round length that fits", () => {
    expect(scaleBar(10, 120)).toEqual({ metres: 1000, units: 100 });
    expect(scaleBar(7, 120)).toEqual({ metres: 500, units: 500 / 7 });
    expect(scaleBar(0.9, 120).metres).toBe(100);
  });

  it("puts signs that would cover each other together", () => {
    const marks = [
      { x: 10, y: 10, number: 1 },
      { x: 14, y: 12, number: 2 },
      { x: 90, y: 90, number: 3 },
    ];
    expect(together(marks, 20).map(({ numbers }) => numbers)).toEqual([[1, 2], [3]]);
    expect(marked([2, 1])).toBe("1–2");
    expect(marked([7, 3])).toBe("3 7");
    expect(marked([3])).toBe("3");
    expect(marked([1, 4, 9])).toBe("1 4…");
  });

  it("writes the depot's name where no stop is in the way", () => {
    const depot = { x: 100, y: 100 };
    expect(labelBeside(depot, []).anchor).toBe("start");
    expect(labelBeside(depot, [{ x: 140, y: 100 }]).anchor).toBe("end");
    const both = [
      { x: 140, y: 100 },
      { x: 60, y: 100 },
      { x: 100, y: 130 },
    ];
    expect(labelBeside(depot, both)).toEqual({ x: 100, y: 84, anchor: "middle" });
  });
});
