/**
 * The floor as the setting `layout` describes it: parallel aisles between cross aisles, lengths in
 * decimetres. Aisle `a` lies at x = a × gap; y counts from the front cross aisle.
 */
import { pathPast } from "../../route/path";
import { type Floor, type Spot, Ways } from "../../route/ways";

export type { Spot } from "../../route/ways";

export interface Crossing {
  readonly aisle: number;
  readonly cross: number;
  /** As the floor calls it; may be empty. */
  readonly name?: string;
}

export interface FloorPlan extends Floor {
  readonly aisles: number;
  readonly depot: Crossing;
  readonly dropoff?: Crossing | null;
  readonly depots?: readonly Crossing[];
  readonly dropoffs?: readonly Crossing[];
}

/** A place as a line carries it. */
export interface Place {
  readonly aisle: number;
  readonly block: number;
  readonly offset_dm: number;
}

/** The setting's value if it is a floor plan: what a server of another build sends may not be. */
export function asFloorPlan(value: unknown): FloorPlan | null {
  const plan = value as Partial<FloorPlan> | null | undefined;
  const whole = (n: unknown) => Number.isFinite(n);
  if (!plan || !whole(plan.aisles) || !whole(plan.gap) || !plan.depot) return null;
  if (!Array.isArray(plan.block_lengths) || !plan.block_lengths.every(whole)) return null;
  return plan as FloorPlan;
}

/** The y of every cross aisle, front first. */
export function crosses({ block_lengths }: FloorPlan): number[] {
  let y = 0;
  return [0, ...block_lengths.map(length => (y += length))];
}

export function spotOf(plan: FloorPlan, { aisle, block, offset_dm }: Place): Spot {
  return { aisle, y: (crosses(plan)[block] ?? 0) + offset_dm };
}

export function crossingSpot(plan: FloorPlan, { aisle, cross }: Crossing): Spot {
  return { aisle, y: crosses(plan)[cross] ?? 0 };
}

/** Every place where a walk may start, the usual one first. */
export function starts(plan: FloorPlan): Crossing[] {
  return [plan.depot, ...(plan.depots ?? [])];
}

/** Every place where picked goods are handed over; where carts stand if the floor names none. */
export function ends(plan: FloorPlan): Crossing[] {
  const named = [...(plan.dropoff ? [plan.dropoff] : []), ...(plan.dropoffs ?? [])];
  return named.length > 0 ? named : starts(plan);
}

/** Of several crossings the one that is the shortest walk away from a spot. */
export function nearestCrossing(
  plan: FloorPlan,
  places: readonly Crossing[],
  to: Spot | undefined,
): Spot {
  const spots = places.map(place => crossingSpot(plan, place));
  const [first = crossingSpot(plan, plan.depot)] = spots;
  if (!to || spots.length < 2) return first;
  const ways = new Ways(plan);
  const far = (spot: Spot) => ways.walkLength([to, spot]);
  return spots.reduce((a, b) => (far(b) < far(a) ? b : a));
}

/** Where a walk whose last stop is this one ends: at the nearest drop-off. */
export function endAfter(plan: FloorPlan, last: Place): Spot {
  return nearestCrossing(plan, ends(plan), spotOf(plan, last));
}

/** The corners of the shortest walk past these spots in their order, one-way aisles kept. */
export function walkPast(plan: FloorPlan, spots: readonly Spot[]): Spot[] {
  return pathPast(new Ways(plan), spots);
}
