// @vitest-environment node
import vectors from "@vectors/reroute.json";
import { expect, test } from "vitest";
import { pathPast } from "./path";
import { type Floor, type Spot, Ways } from "./ways";

interface Case {
  name: string;
  layout: Floor;
  from: Spot;
  end: Spot;
  stops: { aisle: number; block: number; offset_dm: number }[];
  given: number;
}
const CASES = vectors as Case[];

function lengthOf(path: readonly Spot[], gap: number): number {
  return path.slice(1).reduce((sum, spot, i) => {
    const from = path[i] ?? spot;
    return sum + Math.abs(spot.aisle - from.aisle) * gap + Math.abs(spot.y - from.y);
  }, 0);
}

test.each(CASES)("the line that is drawn is the walk that is reckoned: $name", one => {
  const ways = new Ways(one.layout);
  const spots = [one.from, ...one.stops.map(stop => ways.spotOf(stop)), one.end];
  const path = pathPast(ways, spots);
  expect(lengthOf(path, one.layout.gap)).toBe(one.given);
  for (const [i, spot] of path.slice(1).entries()) {
    const from = path[i] ?? spot;
    const isAlong = from.aisle === spot.aisle;
    expect(isAlong || from.y === spot.y, "no way leads through the shelves").toBe(true);
    if (!isAlong) expect(ways.crosses).toContain(spot.y);
    const direction = one.layout.aisle_direction?.[spot.aisle] ?? 0;
    if (isAlong && direction) expect(Math.sign(spot.y - from.y)).toBe(direction);
  }
  const met = spots.filter(spot => path.some(p => p.aisle === spot.aisle && p.y === spot.y));
  expect(met).toEqual(spots);
});

test("a walk of no spots has no line", () => {
  expect(pathPast(new Ways({ gap: 40, block_lengths: [100] }), [])).toEqual([]);
});
