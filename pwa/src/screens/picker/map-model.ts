/** What the picker's map draws of the rest of a walk: the part of the floor, the line, its stops. Pure. */
import {
  crosses,
  ends,
  type FloorPlan,
  nearestCrossing,
  type Spot,
  spotOf,
  starts,
  walkPast,
} from "../floor/floor-plan";
import type { Line } from "./walk";

/** Stops that stand too close to be told apart, met one after the other; `first` counts from 1. */
export interface Group {
  readonly spot: Spot;
  readonly first: number;
  readonly last: number;
}

export interface WalkMap {
  readonly here: Spot;
  readonly next: Spot | undefined;
  readonly end: Spot;
  readonly path: readonly Spot[];
  readonly later: readonly Group[];
  /** The aisles that are drawn, both included. */
  readonly from: number;
  readonly to: number;
}

/** More aisles than this do not fit side by side on a handheld: only those of the walk are drawn. */
const MOST_AISLES = 12;

/** `before`: the line whose bin was scanned last. `near`: decimetres that two stops need apart. */
export function walkMap(
  plan: FloorPlan,
  ahead: readonly Line[],
  before: Line | undefined,
  near: number,
): WalkMap {
  const stops = ahead.map(line => spotOf(plan, line));
  const here = before ? spotOf(plan, before) : nearestCrossing(plan, starts(plan), stops[0]);
  const end = nearestCrossing(plan, ends(plan), stops.at(-1) ?? here);
  const path = walkPast(plan, [here, ...stops, end]);
  const [next] = stops;
  return { here, next, end, path, later: groups(stops, near), ...window(plan, path) };
}

/** The line that was closed last, as far as the order of the walk tells. */
export function lastDone(lines: readonly Line[]): Line | undefined {
  const done = lines.filter(({ state }) => state !== "open");
  return done.sort((a, b) => b.seq - a.seq || b.no - a.no)[0];
}

/** From the second stop on: the first has a sign of its own. */
function groups(stops: readonly Spot[], near: number): Group[] {
  const found: Group[] = [];
  for (const [i, spot] of stops.entries()) {
    if (i === 0) continue;
    const group = found.at(-1);
    if (group && group.spot.aisle === spot.aisle && Math.abs(group.spot.y - spot.y) < near)
      found[found.length - 1] = { ...group, last: i + 1 };
    else found.push({ spot, first: i + 1, last: i + 1 });
  }
  return found;
}

/** The walk's aisles and one more on either side, where the floor is wider than a handheld. */
function window(plan: FloorPlan, path: readonly Spot[]): { from: number; to: number } {
  if (plan.aisles <= MOST_AISLES) return { from: 0, to: plan.aisles - 1 };
  const aisles = path.map(({ aisle }) => aisle);
  return {
    from: Math.max(0, Math.min(...aisles) - 1),
    to: Math.min(plan.aisles - 1, Math.max(...aisles) + 1),
  };
}

/** Where an arrow says which way an aisle leads: the middle of each block. */
export function arrows(plan: FloorPlan): { spot: Spot; up: boolean }[] {
  const ys = crosses(plan);
  return (plan.aisle_direction ?? []).flatMap((direction, aisle) =>
    direction === 0
      ? []
      : ys.slice(1).map((back, b) => ({
          spot: { aisle, y: ((ys[b] ?? 0) + back) / 2 },
          up: direction === 1,
        })),
  );
}

export function groupWord({ first, last }: Group): string {
  return first === last ? String(first) : `${first}–${last}`;
}
