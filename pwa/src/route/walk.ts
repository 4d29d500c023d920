/**
 * A walk past places where the way there may not be as long as the way back, and what the search
 * has to know of it: where each place stands, how far it is there and, turned, back.
 */
import { Bars, type Ranks } from "./ranks";

export interface Places {
  /** `ways[one * size + other]`: the way from one state to another. */
  readonly ways: Float64Array;
  readonly size: number;
  /** The same place the other way round, or the state itself. */
  readonly twins: Int32Array;
  /** Of two states of one tote the one with the lower rank comes first. */
  readonly ranks?: Ranks | undefined;
}

export function lengthOf({ ways, size }: Places, tour: ArrayLike<number>): number {
  let length = 0;
  for (let at = 1; at < tour.length; at++)
    length += ways[(tour[at - 1] as number) * size + (tour[at] as number)] as number;
  return length;
}

/** Its first and last state stay where they are. */
export class Walk {
  readonly tour: Int32Array;
  /** The place in the tour before the end of the walk. */
  readonly last: number;
  /** Where a state stands in the tour, or stood before it was turned into its twin. */
  readonly found: Int32Array;
  /** Lengths of the walk up to each place, there and, turned, back. */
  readonly there: Float64Array;
  readonly back: Float64Array;
  readonly bars: Bars;
  private readonly places: Places;
  private readonly spare: Int32Array;

  constructor(places: Places, tour: ArrayLike<number>) {
    this.places = places;
    this.tour = Int32Array.from(tour);
    this.last = tour.length - 1;
    this.found = new Int32Array(places.size);
    this.there = new Float64Array(tour.length);
    this.back = new Float64Array(tour.length);
    this.spare = new Int32Array(tour.length);
    this.bars = new Bars(this.tour, places.size, places.ranks);
    this.measure(0);
  }

  get length(): number {
    return this.there[this.last] as number;
  }

  renew(tour: Int32Array): void {
    this.tour.set(tour);
    this.measure(0);
  }

  /** Lengths and places from here on, after the tour was changed. */
  measure(from: number): void {
    const { tour, there, back, found } = this;
    const { ways, size, twins } = this.places;
    for (let at = Math.max(1, from); at <= this.last; at++) {
      const one = tour[at - 1] as number;
      const other = tour[at] as number;
      const [turnedOne, turnedOther] = [twins[one] as number, twins[other] as number];
      there[at] = (there[at - 1] as number) + (ways[one * size + other] as number);
      back[at] = (back[at - 1] as number) + (ways[turnedOther * size + turnedOne] as number);
      found[other] = at;
      found[turnedOther] = at;
    }
    this.bars.renew();
  }

  /** Exchange the neighbours [first, middle) and [middle, end). */
  rotate(first: number, middle: number, end: number): void {
    const { tour, spare } = this;
    for (let at = first; at < end; at++) spare[at] = tour[at] as number;
    const by = end - middle;
    for (let at = first; at < middle; at++) tour[at + by] = spare[at] as number;
    for (let at = middle; at < end; at++) tour[at - middle + first] = spare[at] as number;
  }

  /** Walk [first, end) the other way round. */
  reverse(first: number, end: number): void {
    const { tour } = this;
    const { twins } = this.places;
    for (let low = first, high = end - 1; low <= high; low++, high--) {
      const one = twins[tour[low] as number] as number;
      tour[low] = twins[tour[high] as number] as number;
      tour[high] = one;
    }
  }
}
