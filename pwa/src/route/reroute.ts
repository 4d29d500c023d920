/**
 * The rest of a task's walk made anew on the device, without the network: after a short pick, a
 * skip, another location, a stop that came from elsewhere. The server may better it later.
 *
 * What the device needs it holds already: each `line` row carries its place (`aisle`, `block`,
 * `offset_dm`), and the row `setting/layout` carries the floor with its rules of traffic (`Floor`).
 * Distances are reckoned from these, so no matrix travels with a task.
 *
 * The walk starts as the stops are given (their present order) or by cheapest insertion, whichever
 * is shorter, and is improved by `improve`. In aisles with rules of traffic a pass from end to end
 * picks all its stops, so passes are put in order, not stops. Same input, same order.
 */
import type { Ranks } from "./ranks";
import { improve } from "./search";
import { lengthOf, type Places } from "./walk";
import { type Floor, type Pose, type Spot, Ways } from "./ways";

export type { Floor, Spot } from "./ways";

export interface Stop {
  readonly aisle: number;
  readonly block: number;
  readonly offset_dm: number;
  /** In one tote a lower rank comes first (heavy 0, light 1); totes do not wait for each other. */
  readonly rank?: number;
  readonly tote?: string | number;
}

/** Stops picked in one go, in this order, and the poses at both ends. */
interface Pass {
  readonly stops: readonly number[];
  readonly first: Pose;
  readonly last: Pose;
}

const KICKS = 40;
/** Where some stops must wait for others many ways out of a poor order are barred. */
const KICKS_RANKED = 150;

/** Indices of `stops` in the order of a short walk from `from` past all of them to `end`. */
export function reroute(stops: readonly Stop[], from: Spot, end: Spot, layout: Floor): number[] {
  const ways = new Ways(layout);
  const spots = stops.map(stop => ways.spotOf(stop));
  const given = stops.map((_, at) => at);
  const ranks = isRanked(stops) ? ranksOf(stops) : undefined;
  const groups = ranks ? given.map(at => [at]) : groupsOf(ways, spots, given, [from, end]);
  const places = groups.map(group => passesOf(ways, spots, group));
  let best: Found = { order: given, length: Number.POSITIVE_INFINITY };
  for (const one of ways.poses(from))
    for (const other of ways.poses(end)) {
      const found = searched(ways, [[bare(one)], ...places, [bare(other)]], ranks);
      if (found.length < best.length) best = found;
    }
  return best.order;
}

interface Found {
  readonly order: number[];
  readonly length: number;
}

/** The shortest walk from `from` past the stops in this order to `end`, in decimetres. */
export function routeLength(
  stops: readonly Stop[],
  order: readonly number[],
  from: Spot,
  end: Spot,
  layout: Floor,
): number {
  const ways = new Ways(layout);
  const passed = order.flatMap(at => stops[at] ?? []).map(stop => ways.spotOf(stop));
  return ways.walkLength([from, ...passed, end]);
}

const bare = (pose: Pose): Pass => ({ stops: [], first: pose, last: pose });

const spotAt = (spots: readonly Spot[], at: number | undefined): Spot =>
  spots[at ?? 0] ?? { aisle: 0, y: 0 };

function isRanked(stops: readonly Stop[]): boolean {
  const seen = new Map<string | number, number>();
  return stops.some(({ rank = 0, tote = "" }) => {
    const other = seen.get(tote) ?? rank;
    seen.set(tote, rank);
    return other !== rank;
  });
}

/** Totes and ranks of the stops, numbered. */
function ranksOf(stops: readonly Stop[]): Ranks {
  const names = [...new Set(stops.map(({ tote = "" }) => tote))];
  const steps = [...new Set(stops.map(({ rank = 0 }) => rank))].sort((a, b) => a - b);
  return {
    totes: Int32Array.from(stops, ({ tote = "" }) => names.indexOf(tote)),
    ranks: Int32Array.from(stops, ({ rank = 0 }) => steps.indexOf(rank)),
  };
}

/**
 * Stops that one pass picks. Where the walk begins or ends inside a part it may pick what is ahead
 * and come back for the rest.
 */
function groupsOf(
  ways: Ways,
  spots: readonly Spot[],
  known: readonly number[],
  ends: readonly Spot[],
): number[][] {
  const groups = new Map<string, number[]>();
  for (const at of known) {
    const spot = spots[at];
    if (!spot) continue;
    const free = ways.poses(spot)[0]?.heading === 0;
    const sides = ends.map(end => end.aisle === spot.aisle && end.y <= spot.y);
    const key = free ? `${at}` : `${spot.aisle}/${ways.block(spot)}/${sides}`;
    groups.set(key, [...(groups.get(key) ?? []), at]);
  }
  return [...groups.values()];
}

/** The one or two ways to pick a group. */
function passesOf(ways: Ways, spots: readonly Spot[], group: readonly number[]): Pass[] {
  const y = (at: number) => spots[at]?.y ?? 0;
  const up = [...group].sort((a, b) => y(a) - y(b) || a - b);
  const [spot] = group.map(at => spots[at]);
  return (spot ? ways.poses(spot) : []).map(({ heading }) => {
    const stops = heading < 0 ? [...up].reverse() : up;
    const pose = (at?: number): Pose => ({ spot: spotAt(spots, at), heading });
    return { stops, first: pose(stops[0]), last: pose(stops.at(-1)) };
  });
}

/** The best walk found past these places, from the first to the last. */
function searched(
  ways: Ways,
  places: readonly (readonly Pass[])[],
  ofStops: Ranks | undefined,
): Found {
  const states = places.flat();
  const twins = new Int32Array(states.length);
  const given: number[] = [];
  let next = 0;
  for (const { length } of places) {
    given.push(next);
    for (let i = 0; i < length; i++) twins[next + i] = next + length - 1 - i;
    next += length;
  }
  const known: Places = {
    size: states.length,
    twins,
    ways: ways.table(
      states.map(state => state.last),
      states.map(state => state.first),
    ),
    ranks: ofStops && ranksOfStates(states, ofStops),
  };
  const tour = improve(known, shortestStart(known, given), ofStops ? KICKS_RANKED : KICKS);
  const order = Array.from(tour).flatMap(state => states[state]?.stops ?? []);
  return { order, length: lengthOf(known, tour) };
}

/** The ends of the walk count as stops of the first tote: nothing goes past them. */
function ranksOfStates(states: readonly Pass[], { totes, ranks }: Ranks): Ranks {
  const of = (all: Int32Array) => Int32Array.from(states, ({ stops }) => all[stops[0] ?? 0] ?? 0);
  return { totes: of(totes), ranks: of(ranks) };
}

/** As given or anew, whichever is shorter; both keep the ranks. */
function shortestStart(known: Places, given: readonly number[]): readonly number[] {
  const { ranks } = known;
  const far = (last: number, state: number) => known.ways[last * known.size + state] ?? 0;
  const [one, other] = ranks
    ? [oneByOne(given, ranks, (_, state) => state), oneByOne(given, ranks, far)]
    : [given, inserted(known, given)];
  return lengthOf(known, other) < lengthOf(known, one) ? other : one;
}

/** Always the cheapest of those that may be next. */
function oneByOne(
  given: readonly number[],
  { totes, ranks }: Ranks,
  cost: (last: number, state: number) => number,
): number[] {
  const tour = given.slice(0, 1);
  const left = given.slice(1, -1);
  const lowest = new Int32Array(totes.length);
  while (left.length) {
    lowest.fill(ranks.length);
    for (const state of left) {
      const tote = totes[state] ?? 0;
      lowest[tote] = Math.min(lowest[tote] ?? 0, ranks[state] ?? 0);
    }
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < left.length; i++) {
      const state = left[i] ?? 0;
      if ((ranks[state] ?? 0) > (lowest[totes[state] ?? 0] ?? 0)) continue;
      const far = cost(tour.at(-1) ?? 0, state);
      if (far < least) [least, best] = [far, i];
    }
    tour.push(...left.splice(best, 1));
  }
  return [...tour, ...given.slice(-1)];
}

/** Cheapest insertion: one after the other where it lengthens the walk so far least. */
function inserted({ ways, size }: Places, given: readonly number[]): number[] {
  const tour = [given[0] ?? 0, given.at(-1) ?? 0];
  const left = given.slice(1, -1);
  while (left.length) {
    let least = Number.POSITIVE_INFINITY;
    let best = 0;
    let place = 0;
    for (let at = 1; at < tour.length; at++) {
      const from = (tour[at - 1] as number) * size;
      const to = tour[at] as number;
      const way = ways[from + to] as number;
      for (let i = 0; i < left.length; i++) {
        const state = left[i] as number;
        const added = (ways[from + state] as number) + (ways[state * size + to] as number) - way;
        if (added >= least) continue;
        least = added;
        best = i;
        place = at;
      }
    }
    tour.splice(place, 0, ...left.splice(best, 1));
  }
  return tour;
}
