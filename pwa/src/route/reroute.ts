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
import { type Allowed, improve, lengthOf } from "./search";
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
/** Where some stops must wait for others most moves are refused, and cost little. */
const KICKS_RANKED = 60;
/** Added to a step that no allowed walk has. */
const MUST_NOT = 1e7;

/** Indices of `stops` in the order of a short walk from `from` past all of them to `end`. */
export function reroute(stops: readonly Stop[], from: Spot, end: Spot, layout: Floor): number[] {
  const ways = new Ways(layout);
  const spots = stops.map(stop => ways.spotOf(stop));
  const given = stops.map((_, at) => at);
  if (!isRanked(stops)) {
    const groups = groupsOf(ways, spots, given, [from, end]);
    return walked(
      ways,
      from,
      groups.map(group => passesOf(ways, spots, group)),
      end,
    ).order;
  }
  const found = rankedOrders(stops, spots, ways, from).map(order => {
    const places = order.map(at => passesOf(ways, spots, [at]));
    return walked(ways, from, places, end, rankRule(stops));
  });
  return shorter(found).order;
}

interface Found {
  readonly order: number[];
  readonly length: number;
}

const shorter = (found: readonly Found[]) =>
  found.reduce((a, b) => (b.length < a.length ? b : a), { order: [], length: Infinity });

/** The best walk found, whichever way the cart points at its start and its end. */
function walked(
  ways: Ways,
  from: Spot,
  places: readonly (readonly Pass[])[],
  end: Spot,
  keeps?: Allowed,
): Found {
  const ends = ways.poses(from).flatMap(one => ways.poses(end).map(other => [one, other] as const));
  return shorter(
    ends.map(([one, other]) => searched(ways, [[bare(one)], ...places, [bare(other)]], keeps)),
  );
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

/** Two orders that keep the ranks: as given, and always the nearest stop that may be next. */
function rankedOrders(
  stops: readonly Stop[],
  spots: readonly Spot[],
  ways: Ways,
  from: Spot,
): number[][] {
  const keeps = rankRule(stops);
  const order = (first: (ready: readonly number[], last: number | undefined) => number) => {
    const done: number[] = [];
    const left = new Set(stops.keys());
    while (left.size) {
      const ready = [...left].filter(at => [...left].every(other => keeps([at, other])));
      const at = first(ready, done.at(-1));
      done.push(at);
      left.delete(at);
    }
    return done;
  };
  const least = (ready: readonly number[], of: (at: number) => number) =>
    ready.reduce((a, b) => (of(b) < of(a) ? b : a));
  const here = (last?: number) => (last === undefined ? from : spotAt(spots, last));
  return [
    order(ready => least(ready, at => at)),
    order((ready, last) => least(ready, at => ways.walkLength([here(last), spotAt(spots, at)]))),
  ];
}

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

/** May stops be met in this order? Asked thousands of times, so totes are numbered first. */
function rankRule(stops: readonly Stop[]): Allowed {
  const numbers = new Map<string | number, number>();
  const totes = stops.map(({ tote = "" }) => {
    if (!numbers.has(tote)) numbers.set(tote, numbers.size);
    return numbers.get(tote) as number;
  });
  const ranks = stops.map(({ rank = 0 }) => rank);
  const reached = new Float64Array(numbers.size);
  return order => {
    reached.fill(Number.NEGATIVE_INFINITY);
    for (const at of order) {
      const tote = totes[at] as number;
      const rank = ranks[at] as number;
      if (rank < (reached[tote] as number)) return false;
      reached[tote] = rank;
    }
    return true;
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
  keeps: Allowed | undefined,
): Found {
  const states = places.flat();
  const twins: number[] = [];
  for (const place of places) {
    const first = twins.length;
    twins.push(...place.map((_, i) => first + place.length - 1 - i));
  }
  const matrix = states.map(one =>
    states.map(other => {
      const may = !keeps || keeps([...one.stops, ...other.stops]);
      return ways.distance(one.last, other.first) + (may ? 0 : MUST_NOT);
    }),
  );
  const order = (tour: readonly number[]) => tour.flatMap(state => states[state]?.stops ?? []);
  const stopOf = states.map(state => state.stops[0] ?? 0);
  const allowed: Allowed | undefined =
    keeps && (tour => keeps(tour.slice(1, -1).map(state => stopOf[state] ?? 0)));
  const given = states.map((_, state) => state).filter(state => (twins[state] ?? 0) >= state);
  const starts = keeps ? [given] : [given, inserted(matrix, given)];
  const start = starts.reduce((a, b) => (lengthOf(matrix, b) < lengthOf(matrix, a) ? b : a));
  const best = improve(matrix, twins, start, keeps ? KICKS_RANKED : KICKS, allowed);
  return { order: order(best), length: lengthOf(matrix, best) };
}

/** Cheapest insertion: one after the other where it lengthens the walk so far least. */
function inserted(matrix: readonly (readonly number[])[], given: readonly number[]): number[] {
  const way = (a = 0, b = 0) => matrix[a]?.[b] ?? 0;
  const tour = [given[0] ?? 0, given.at(-1) ?? 0];
  const left = new Set(given.slice(1, -1));
  while (left.size) {
    let best = { added: Number.POSITIVE_INFINITY, state: 0, at: 0 };
    for (const state of left)
      for (let at = 1; at < tour.length; at++) {
        const [before, behind] = [tour[at - 1], tour[at]];
        const added = way(before, state) + way(state, behind) - way(before, behind);
        if (added < best.added) best = { added, state, at };
      }
    tour.splice(best.at, 0, best.state);
    left.delete(best.state);
  }
  return tour;
}
