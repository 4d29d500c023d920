/**
 * Iterated local search where the way there may not be as long as the way back, the twin of
 * `server/picking/directed_search.py`: a segment of 1 to 3 elsewhere, any stretch the other way
 * round, then random exchanges of neighbouring segments, gone on from when the walk grows little
 * longer, and less and less. The budget is a number of kicks and the seed is fixed.
 *
 * A handheld makes a walk seldom, hence with code that nothing has warmed: flat arrays of numbers
 * and plain loops are several times faster then than what allocates.
 */
export interface Places {
  /** `ways[one * size + other]`: the way from one state to another. */
  readonly ways: Float64Array;
  readonly size: number;
  /** The same place the other way round, or the state itself. */
  readonly twins: Int32Array;
  /** Of two states of one tote the one with the lower rank comes first. */
  readonly ranks?: Ranks | undefined;
}

export interface Ranks {
  /** For each state its tote and rank, both numbered from 0. */
  readonly totes: Int32Array;
  readonly ranks: Int32Array;
}

const SEGMENT = 3;
const KICK_SPAN = 50;
const SEED = 20;
/** Of a kick that ranks forbid. */
const TRIES = 10;
/** The part of the best length by which a walk may be longer and still be gone on from, at first. */
const SLACK = 0.1;

export function lengthOf({ ways, size }: Places, tour: ArrayLike<number>): number {
  let length = 0;
  for (let at = 1; at < tour.length; at++)
    length += ways[(tour[at - 1] as number) * size + (tour[at] as number)] as number;
  return length;
}

/** A walk at most as long as `tour`, whose first and last state stay where they are. */
export function improve(places: Places, tour: ArrayLike<number>, kicks: number): Int32Array {
  const search = new Search(places, tour);
  for (let at = 1; at < tour.length - 1; at++) search.look(tour[at] as number);
  search.settle();
  const best = Int32Array.from(search.tour);
  if (tour.length < 5) return best;
  let bestLength = search.length;
  const now = Int32Array.from(best);
  const random = randomBelow(SEED);
  for (let kick = 0; kick < kicks; kick++) {
    for (let tries = TRIES; tries && !search.kick(random); tries--);
    search.settle();
    const slack = SLACK * bestLength * (1 - (kick + 1) / kicks);
    if (search.length <= bestLength + slack) now.set(search.tour);
    else search.renew(now);
    if (search.length > bestLength) continue;
    best.set(search.tour);
    bestLength = search.length;
  }
  return best;
}

/** A whole number below its argument, the same sequence every time (mulberry32). */
function randomBelow(seed: number): (most: number) => number {
  let state = seed;
  return most => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * most);
  };
}

class Search {
  readonly tour: Int32Array;
  length = 0;
  private readonly ways: Float64Array;
  private readonly size: number;
  private readonly twins: Int32Array;
  private readonly ranks: Ranks | undefined;
  /** The place in the tour before the end of the walk. */
  private readonly last: number;
  /** Where a state stands in the tour, or stood before it was turned into its twin. */
  private readonly found: Int32Array;
  /** Lengths of the walk up to each place, there and, turned, back. */
  private readonly there: Float64Array;
  private readonly back: Float64Array;
  /** For each place the last one before it that has to stay before it. */
  private readonly bars: Int32Array;
  /** Of each tote, while the tour is gone through: its rank now, where the one before ended, and
   * where the tote came last. */
  private readonly rank: Int32Array;
  private readonly lower: Int32Array;
  private readonly latest: Int32Array;
  private readonly spare: Int32Array;
  private readonly waiting: number[] = [];
  private readonly isWaiting: Uint8Array;

  constructor({ ways, size, twins, ranks }: Places, tour: ArrayLike<number>) {
    this.ways = ways;
    this.size = size;
    this.twins = twins;
    this.ranks = ranks;
    this.tour = Int32Array.from(tour);
    this.last = tour.length - 1;
    this.found = new Int32Array(size);
    this.there = new Float64Array(tour.length);
    this.back = new Float64Array(tour.length);
    this.bars = new Int32Array(tour.length);
    this.rank = new Int32Array(size);
    this.lower = new Int32Array(size);
    this.latest = new Int32Array(size);
    this.spare = new Int32Array(tour.length);
    this.isWaiting = new Uint8Array(size);
    this.measure(0);
  }

  renew(tour: Int32Array): void {
    this.tour.set(tour);
    this.measure(0);
  }

  /** Try to better what is at this state, in its turn. */
  look(one: number): void {
    const at = this.found[one] as number;
    const state = this.tour[at] as number;
    if (at === 0 || at === this.last || this.isWaiting[state]) return;
    this.isWaiting[state] = 1;
    this.waiting.push(state);
  }

  /** Improve until no state that was looked at gains by any move. */
  settle(): void {
    do this.settleEach();
    while (this.ranks && this.turnBoth());
  }

  private settleEach(): void {
    const { waiting } = this;
    for (let next = 0; next < waiting.length; next++) {
      const state = waiting[next] as number;
      this.isWaiting[state] = 0;
      const at = this.found[state] as number;
      if (this.move(at) || this.turn(at)) this.look(state);
    }
    waiting.length = 0;
  }

  /** Exchange two neighbouring segments at random; false where ranks forbid it. */
  kick(random: (most: number) => number): boolean {
    const first = 1 + random(Math.max(1, this.last - KICK_SPAN));
    const span = Math.min(KICK_SPAN, this.last + 1 - first);
    const cuts = [first + random(span), 0, 0];
    for (let cut = 1; cut < 3; cut++)
      do cuts[cut] = first + random(span);
      while (cuts.indexOf(cuts[cut] as number) < cut);
    const [one = 0, two = 0, three = 0] = cuts.sort((a, b) => a - b);
    this.rotate(one, two, three);
    if (this.ranks && !this.keepsRanks(this.ranks)) {
      this.rotate(one, one + three - two, three);
      return false;
    }
    this.measure(one);
    for (let at = one - 1; at <= three; at++) this.look(this.tour[at] as number);
    return true;
  }

  /** Put a segment that begins or ends here to its best other place. */
  private move(at: number): boolean {
    for (let length = 1; length <= SEGMENT; length++) {
      if (at + length <= this.last && this.moveSegment(at, at + length)) return true;
      const first = at - length + 1;
      if (length > 1 && first >= 1 && this.moveSegment(first, at + 1)) return true;
    }
    return false;
  }

  private moveSegment(first: number, end: number): boolean {
    const { tour, ways, size, twins, there, back } = this;
    const head = tour[first] as number;
    const tail = tour[end - 1] as number;
    const before = tour[first - 1] as number;
    const behind = tour[end] as number;
    const saved =
      (ways[before * size + head] as number) +
      (ways[tail * size + behind] as number) -
      (ways[before * size + behind] as number);
    if (saved <= 0) return false;
    const turnedHead = twins[tail] as number;
    const turnedTail = twins[head] as number;
    const longer =
      (back[end - 1] as number) -
      (back[first] as number) -
      ((there[end - 1] as number) - (there[first] as number));
    const mayTurn = turnedTail !== tail && !this.isBarred(first, end);
    let gain = 0;
    let best = 0;
    let isTurned = false;
    const low = this.ranks ? this.leftmost(first, end, this.ranks) : 1;
    const high = this.ranks ? this.rightmost(first, end, this.ranks) : this.last;
    for (let gap = low; gap <= high; gap++) {
      if (gap === first) gap = end + 1;
      if (gap > high) break;
      const from = (tour[gap - 1] as number) * size;
      const to = tour[gap] as number;
      const most = saved + (ways[from + to] as number);
      const straight = most - (ways[from + head] as number) - (ways[tail * size + to] as number);
      if (straight > gain) {
        gain = straight;
        best = gap;
        isTurned = false;
      }
      if (!mayTurn) continue;
      const round =
        most -
        (ways[from + turnedHead] as number) -
        (ways[turnedTail * size + to] as number) -
        longer;
      if (round > gain) {
        gain = round;
        best = gap;
        isTurned = true;
      }
    }
    if (gain <= 0) return false;
    const beside = [before, behind, tour[best - 1] as number, tour[best] as number, head, tail];
    if (isTurned) this.reverse(first, end);
    if (best < first) this.rotate(best, first, end);
    else this.rotate(first, end, best);
    this.measure(Math.min(first, best));
    for (const state of beside) this.look(state);
    return true;
  }

  /** Walk a stretch that begins or ends here the other way round. */
  private turn(at: number): boolean {
    const { bars } = this;
    for (let end = at + 1; end <= this.last && (bars[end - 1] as number) < at; end++)
      if (this.turnStretch(at, end)) return true;
    let bar = bars[at] as number;
    for (let first = at - 1; first >= 1 && bar < first; first--) {
      if (this.turnStretch(first, at + 1)) return true;
      bar = Math.max(bar, bars[first] as number);
    }
    return false;
  }

  private turnStretch(first: number, end: number): boolean {
    const { tour, ways, size, twins, there, back } = this;
    const from = tour[first - 1] as number;
    const to = tour[end] as number;
    const now = (there[end] as number) - (there[first - 1] as number);
    const then =
      (ways[from * size + (twins[tour[end - 1] as number] as number)] as number) +
      (back[end - 1] as number) -
      (back[first] as number) +
      (ways[(twins[tour[first] as number] as number) * size + to] as number);
    if (then >= now) return false;
    this.reverse(first, end);
    this.measure(first);
    this.look(from);
    this.look(to);
    this.look(tour[first] as number);
    this.look(tour[end - 1] as number);
    return true;
  }

  /**
   * Where the rank rises no stretch may be turned across: turn what leads there and what follows
   * from there in one move, so that the one ends and the other begins elsewhere.
   */
  private turnBoth(): boolean {
    const { tour, ways, size, twins, back, there, bars } = this;
    for (let middle = 2; middle < this.last; middle++) {
      if (bars[middle] !== middle - 1) continue;
      const toMiddle = twins[tour[middle - 1] as number] as number;
      const fromMiddle = (twins[tour[middle] as number] as number) * size;
      let bar = 0;
      for (let first = middle - 1; first >= 1 && bar < first; first--) {
        bar = Math.max(bar, bars[first] as number);
        const across = (twins[tour[first] as number] as number) * size;
        const before =
          (there[first - 1] as number) +
          (ways[(tour[first - 1] as number) * size + toMiddle] as number) +
          ((back[middle - 1] as number) - (back[first] as number));
        for (let end = middle + 1; end <= this.last; end++) {
          if ((bars[end - 1] as number) >= middle) break;
          const then =
            before +
            (ways[across + (twins[tour[end - 1] as number] as number)] as number) +
            ((back[end - 1] as number) - (back[middle] as number)) +
            (ways[fromMiddle + (tour[end] as number)] as number);
          if (then < (there[end] as number)) return this.turnAround(first, middle, end);
        }
      }
    }
    return false;
  }

  private turnAround(first: number, middle: number, end: number): true {
    this.reverse(first, middle);
    this.reverse(middle, end);
    this.measure(first);
    for (const at of [first - 1, first, middle - 1, middle, end - 1, end])
      this.look(this.tour[at] as number);
    return true;
  }

  /** Lengths and places from here on, after the tour was changed. */
  private measure(from: number): void {
    const { tour, ways, size, twins, there, back, found } = this;
    for (let at = Math.max(1, from); at <= this.last; at++) {
      const one = tour[at - 1] as number;
      const other = tour[at] as number;
      const [turnedOne, turnedOther] = [twins[one] as number, twins[other] as number];
      there[at] = (there[at - 1] as number) + (ways[one * size + other] as number);
      back[at] = (back[at - 1] as number) + (ways[turnedOther * size + turnedOne] as number);
      found[other] = at;
      found[turnedOther] = at;
    }
    this.length = there[this.last] as number;
    if (this.ranks) this.bar(this.ranks);
  }

  /** Exchange the neighbours [first, middle) and [middle, end). */
  private rotate(first: number, middle: number, end: number): void {
    const { tour, spare } = this;
    for (let at = first; at < end; at++) spare[at] = tour[at] as number;
    const by = end - middle;
    for (let at = first; at < middle; at++) tour[at + by] = spare[at] as number;
    for (let at = middle; at < end; at++) tour[at - middle + first] = spare[at] as number;
  }

  private reverse(first: number, end: number): void {
    const { tour, twins } = this;
    for (let low = first, high = end - 1; low <= high; low++, high--) {
      const one = twins[tour[low] as number] as number;
      tour[low] = twins[tour[high] as number] as number;
      tour[high] = one;
    }
  }

  private bar({ totes, ranks }: Ranks): void {
    const { tour, bars, rank, lower, latest } = this;
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
      bars[at] = lower[tote] as number;
    }
  }

  /** Does one of this stretch have to stay before another of it? */
  private isBarred(first: number, end: number): boolean {
    for (let at = first + 1; at < end; at++) if ((this.bars[at] as number) >= first) return true;
    return false;
  }

  /** How far to the front a segment may go: what has to stay before it stops it. */
  private leftmost(first: number, end: number, ranks: Ranks): number {
    for (let at = first - 1; at >= 1; at--)
      for (let own = first; own < end; own++) if (this.comesFirst(at, own, ranks)) return at + 1;
    return 1;
  }

  private rightmost(first: number, end: number, ranks: Ranks): number {
    for (let at = end; at < this.last; at++)
      for (let own = first; own < end; own++) if (this.comesFirst(own, at, ranks)) return at;
    return this.last;
  }

  /** Does the state at the one place have to come before that at the other? */
  private comesFirst(one: number, other: number, { totes, ranks }: Ranks): boolean {
    const [a, b] = [this.tour[one] as number, this.tour[other] as number];
    return totes[a] === totes[b] && (ranks[a] as number) < (ranks[b] as number);
  }

  private keepsRanks({ totes, ranks }: Ranks): boolean {
    const { tour, rank } = this;
    rank.fill(0);
    for (let at = 1; at < this.last; at++) {
      const state = tour[at] as number;
      const tote = totes[state] as number;
      if ((ranks[state] as number) < (rank[tote] as number)) return false;
      rank[tote] = ranks[state] as number;
    }
    return true;
  }
}
