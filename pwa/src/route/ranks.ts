/** Which places of a walk have to stay before which: in one tote a lower rank comes first. */
export interface Ranks {
  /** For each state its tote and rank, both numbered from 0. */
  readonly totes: Int32Array;
  readonly ranks: Int32Array;
}

/** Of a tour that others change; without ranks nothing is barred. */
export class Bars {
  /** For each place the last one before it that has to stay before it. */
  readonly before: Int32Array;
  private readonly tour: Int32Array;
  private readonly last: number;
  private readonly of: Ranks | undefined;
  /** Of each tote, while the tour is gone through: its rank now, where the one before ended, and
   * where the tote came last. */
  private readonly rank: Int32Array;
  private readonly lower: Int32Array;
  private readonly latest: Int32Array;

  constructor(tour: Int32Array, states: number, of: Ranks | undefined) {
    this.tour = tour;
    this.last = tour.length - 1;
    this.of = of;
    this.before = new Int32Array(tour.length);
    this.rank = new Int32Array(states);
    this.lower = new Int32Array(states);
    this.latest = new Int32Array(states);
  }

  /** After the tour was changed. */
  renew(): void {
    if (!this.of) return;
    const { tour, before, rank, lower, latest } = this;
    const { totes, ranks } = this.of;
    rank.fill(0);
    lower.fill(0);
    latest.fill(0);
    for (let at = 1; at < this.last; at++) {
      const state = tour[at] as number;
      const tote = totes[state] as number;
      if ((ranks[state] as number) > (rank[tote] as number)) {
        rank[tote] = ranks[state] as number;
        lower[tote] = latest[tote] as number;
      }
      latest[tote] = at;
      before[at] = lower[tote] as number;
    }
  }

  /** Does no place come before one that has to stay before it? */
  areKept(): boolean {
    if (!this.of) return true;
    const { tour, rank } = this;
    const { totes, ranks } = this.of;
    rank.fill(0);
    for (let at = 1; at < this.last; at++) {
      const state = tour[at] as number;
      const tote = totes[state] as number;
      if ((ranks[state] as number) < (rank[tote] as number)) return false;
      rank[tote] = ranks[state] as number;
    }
    return true;
  }

  /** Does one of this stretch have to stay before another of it? */
  forbidTurning(first: number, end: number): boolean {
    for (let at = first + 1; at < end; at++) if ((this.before[at] as number) >= first) return true;
    return false;
  }

  /** How far to the front a segment may go: what has to stay before it stops it. */
  leftmost(first: number, end: number): number {
    if (!this.of) return 1;
    for (let at = first - 1; at >= 1; at--)
      for (let own = first; own < end; own++) if (this.comesFirst(at, own, this.of)) return at + 1;
    return 1;
  }

  rightmost(first: number, end: number): number {
    if (!this.of) return this.last;
    for (let at = end; at < this.last; at++)
      for (let own = first; own < end; own++) if (this.comesFirst(own, at, this.of)) return at;
    return this.last;
  }

  /** Does the state at the one place have to come before that at the other? */
  private comesFirst(one: number, other: number, { totes, ranks }: Ranks): boolean {
    const [a, b] = [this.tour[one] as number, this.tour[other] as number];
    return totes[a] === totes[b] && (ranks[a] as number) < (ranks[b] as number);
  }
}
