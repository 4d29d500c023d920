/**
 * Distances on the floor as the server reckons them (`server/picking/geometry.py`, `traffic.py`):
 * parallel aisles between cross aisles, one-way aisles, aisles where a cart cannot turn. The twins
 * are held together by `tests/vectors/reroute.json`. All lengths are whole decimetres.
 */

/** What the row `setting/layout` holds of a floor, as far as a walk needs it. */
export interface Floor {
  readonly gap: number;
  readonly block_lengths: readonly number[];
  /** For each aisle 1 only front to back, -1 only back to front, 0 both ways; empty: all both ways. */
  readonly aisle_direction?: readonly number[];
  /** Aisles where a cart that is in must go on to the next cross aisle. */
  readonly no_turn?: readonly number[];
}

/** A point on the centre line of an aisle, `y` behind the front cross aisle. */
export interface Spot {
  readonly aisle: number;
  readonly y: number;
}

/** A spot and which way the cart points there: up (1), down (-1), or 0 where it may turn. */
export interface Pose {
  readonly spot: Spot;
  readonly heading: number;
}

interface End {
  readonly cross: number;
  readonly length: number;
}

/** Decimetres where no way leads: longer than any walk. */
export const NO_WAY = 1e9;

export class Ways {
  /** The y of every cross aisle, front first. */
  readonly crosses: readonly number[];
  private readonly floor: Floor;

  constructor(floor: Floor) {
    this.floor = floor;
    let y = 0;
    this.crosses = [0, ...floor.block_lengths.map(length => (y += length))];
  }

  spotOf(place: { readonly aisle: number; readonly block: number; readonly offset_dm: number }) {
    return { aisle: place.aisle, y: (this.crosses[place.block] ?? 0) + place.offset_dm };
  }

  /** Which ways a cart may point here. */
  poses(spot: Spot): Pose[] {
    return this.headings(spot).map(heading => ({ spot, heading }));
  }

  /** The block a spot lies in; of a cross aisle the one behind it, or the last. */
  block({ y }: Spot): number {
    const behind = this.crosses.findIndex(cross => cross > y);
    return (behind < 0 ? this.crosses.length - 1 : behind) - 1;
  }

  /** The shortest way that keeps the rules, or `NO_WAY`. */
  distance(one: Pose, other: Pose): number {
    return this.shortest(one, this.ends(one, true), other, this.ends(other, false));
  }

  /** The distance from each of these to each of those: a row for each of these. */
  table(from: readonly Pose[], to: readonly Pose[]): Float64Array {
    if (this.isFree) return this.freeTable(from, to);
    const outs = from.map(pose => this.ends(pose, true));
    const ins = to.map(pose => this.ends(pose, false));
    const table = new Float64Array(from.length * to.length);
    from.forEach((one, i) => {
      to.forEach((other, j) => {
        table[i * to.length + j] = this.shortest(one, outs[i] ?? [], other, ins[j] ?? []);
      });
    });
    return table;
  }

  /** Where a cart may go both ways and turn: along the aisle, else by the nearer cross aisle. */
  private freeTable(from: readonly Pose[], to: readonly Pose[]): Float64Array {
    const { gap } = this.floor;
    const table = new Float64Array(from.length * to.length);
    const blocks = to.map(({ spot }) => this.block(spot));
    let at = 0;
    for (const { spot } of from) {
      const block = this.block(spot);
      const [front = 0, back = 0] = [this.crosses[block], this.crosses[block + 1]];
      for (let j = 0; j < to.length; j++) {
        const other = (to[j] as Pose).spot;
        const across = Math.abs(spot.aisle - other.aisle) * gap;
        const isBeside = across > 0 && blocks[j] === block;
        const sum = spot.y + other.y;
        const along = isBeside
          ? Math.min(sum - 2 * front, 2 * back - sum)
          : Math.abs(spot.y - other.y);
        table[at++] = across + along;
      }
    }
    return table;
  }

  private get isFree(): boolean {
    const { aisle_direction = [], no_turn = [] } = this.floor;
    return !no_turn.length && aisle_direction.every(direction => direction === 0);
  }

  private shortest(one: Pose, outs: readonly End[], other: Pose, ins: readonly End[]): number {
    let best = this.straight(one, other);
    for (const out of outs)
      for (const into of ins) {
        const between = this.between(one.spot.aisle, out.cross, other.spot.aisle, into.cross);
        best = Math.min(best, out.length + between + into.length);
      }
    return best;
  }

  /** The length of the shortest walk that meets these spots in this order. */
  walkLength(spots: readonly Spot[]): number {
    let best = new Map<Pose, number>();
    for (const spot of spots) {
      const before = [...best];
      best = new Map(
        this.poses(spot).map(pose => {
          const lengths = before.map(([from, length]) => length + this.distance(from, pose));
          return [pose, before.length ? Math.min(...lengths) : 0];
        }),
      );
    }
    return Math.min(...best.values());
  }

  /** Every point where the shortest way turns, from the one spot to the other. */
  corners(one: Pose, other: Pose): Spot[] {
    let best = this.straight(one, other);
    let found = [one.spot, other.spot];
    for (const out of this.ends(one, true))
      for (const into of this.ends(other, false)) {
        const between = this.between(one.spot.aisle, out.cross, other.spot.aisle, into.cross);
        const length = out.length + between + into.length;
        if (length >= best) continue;
        best = length;
        found = [one.spot, ...this.turns(one.spot.aisle, out, other.spot.aisle, into), other.spot];
      }
    return found;
  }

  private turns(aisle: number, out: End, to: number, into: End): Spot[] {
    const [front = 0, back = 0] = [this.crosses[out.cross], this.crosses[into.cross]];
    const via = out.cross === into.cross ? to : this.via(aisle, to, Math.sign(back - front));
    return [
      { aisle, y: front },
      { aisle: via, y: front },
      { aisle: via, y: back },
      { aisle: to, y: back },
    ];
  }

  /** The aisle in which one walks up or down between two others: the nearest that leads that way. */
  private via(aisle: number, to: number, way: number): number {
    let found = aisle;
    let nearest = NO_WAY;
    const directions = this.floor.aisle_direction ?? [];
    directions.forEach((direction, open) => {
      const across = Math.abs(aisle - open) + Math.abs(to - open);
      if (direction === -way || across >= nearest) return;
      nearest = across;
      found = open;
    });
    return found;
  }

  private direction(aisle: number): number {
    return this.floor.aisle_direction?.[aisle] ?? 0;
  }

  private headings({ aisle, y }: Spot): number[] {
    if (this.crosses.includes(y)) return [0];
    const direction = this.direction(aisle);
    if (direction) return [direction];
    return this.floor.no_turn?.includes(aisle) ? [1, -1] : [0];
  }

  /** Along the aisle without leaving its part. */
  private straight(one: Pose, other: Pose): number {
    if (one.spot.aisle !== other.spot.aisle || one.heading * other.heading < 0) return NO_WAY;
    const ahead = other.spot.y - one.spot.y;
    if (ahead && !this.inOnePart(one.spot.y, other.spot.y)) return NO_WAY;
    const way = this.direction(one.spot.aisle) || one.heading || other.heading;
    return ahead * way >= 0 ? Math.abs(ahead) : NO_WAY;
  }

  private inOnePart(one: number, other: number): boolean {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    return this.crosses.some((front, b) => front <= low && high <= (this.crosses[b + 1] ?? -1));
  }

  /** The cross aisles that one with this heading leaves for, or comes from. */
  private ends({ spot, heading }: Pose, leaving: boolean): End[] {
    const at = this.crosses.indexOf(spot.y);
    if (at >= 0) return [{ cross: at, length: 0 }];
    const block = this.block(spot);
    const front = { cross: block, length: spot.y - (this.crosses[block] ?? 0) };
    const back = { cross: block + 1, length: (this.crosses[block + 1] ?? 0) - spot.y };
    if (!heading) return [front, back];
    return [(heading === 1) === leaving ? back : front];
  }

  /** From one crossing to another: sideways, and up or down one aisle. */
  private between(aisle: number, cross: number, to: number, toCross: number): number {
    let across = Math.abs(aisle - to);
    if (cross !== toCross) across += this.detour(aisle, to, toCross > cross ? 1 : -1);
    const along = Math.abs((this.crosses[cross] ?? 0) - (this.crosses[toCross] ?? 0));
    return Math.min(NO_WAY, across * this.floor.gap + along);
  }

  /** Aisles to walk sideways and back for one that leads this way. */
  private detour(aisle: number, to: number, way: number): number {
    const directions = this.floor.aisle_direction ?? [];
    if (!directions.length) return 0;
    const low = Math.min(aisle, to);
    const high = Math.max(aisle, to);
    let nearest = NO_WAY;
    directions.forEach((direction, open) => {
      if (direction !== -way) nearest = Math.min(nearest, Math.max(0, low - open, open - high));
    });
    return 2 * nearest;
  }
}
