/**
 * The floor as the setting `layout` describes it: parallel aisles between cross aisles, lengths in
 * decimetres. Aisle `a` lies at x = a × gap; y counts from the front cross aisle.
 */
export interface Crossing {
  readonly aisle: number;
  readonly cross: number;
}

export interface FloorPlan {
  readonly aisles: number;
  readonly gap: number;
  readonly block_lengths: readonly number[];
  readonly depot: Crossing;
  readonly dropoff?: Crossing | null;
}

export interface Spot {
  readonly aisle: number;
  readonly y: number;
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

/** The corners of the shortest walk past these spots in their order, each leg by its best cross aisle. */
export function walkPast(plan: FloorPlan, spots: readonly Spot[]): Spot[] {
  return spots.flatMap((spot, i) => {
    const from = spots[i - 1];
    return from === undefined || from.aisle === spot.aisle
      ? [spot]
      : [...corners(plan, from, spot), spot];
  });
}

function corners(plan: FloorPlan, from: Spot, to: Spot): Spot[] {
  const detour = (y: number) => Math.abs(from.y - y) + Math.abs(to.y - y);
  const best = crosses(plan).reduce((a, b) => (detour(b) < detour(a) ? b : a));
  return [
    { aisle: from.aisle, y: best },
    { aisle: to.aisle, y: best },
  ];
}
