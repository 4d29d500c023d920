/**
 * Iterated local search where the way there may not be as long as the way back, the twin of
 * `server/picking/directed_search.py`: a segment of 1 to 3 elsewhere, any stretch the other way
 * round, then random exchanges of neighbouring segments, kept when the walk grows no longer. The
 * budget is a number of kicks and the seed is fixed.
 */
export type Matrix = readonly (readonly number[])[];
export type Allowed = (tour: readonly number[]) => boolean;

const SEGMENT = 3;
const KICK_SPAN = 16;
const SEED = 20;

export function lengthOf(matrix: Matrix, tour: readonly number[]): number {
  let length = 0;
  for (let at = 1; at < tour.length; at++)
    length += matrix[tour[at - 1] as number]?.[tour[at] as number] ?? 0;
  return length;
}

/**
 * A walk at most as long as `tour`, whose first and last state stay where they are. `twins[state]`
 * is the same place the other way round, or the state itself; `allowed` may refuse a walk.
 */
export function improve(
  matrix: Matrix,
  twins: readonly number[],
  tour: readonly number[],
  kicks: number,
  allowed?: Allowed,
): number[] {
  const search = new Search(matrix, twins, tour, allowed);
  search.settle(tour);
  let best = search.tour;
  let bestLength = search.length;
  if (tour.length < 5) return [...best];
  const random = randomBelow(SEED);
  for (let kick = 0; kick < kicks; kick++) {
    search.renew(best);
    search.settle(search.kick(random));
    if (search.length <= bestLength) [best, bestLength] = [search.tour, search.length];
  }
  return [...best];
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
  tour: readonly number[] = [];
  length = 0;
  /** Lengths of the walk up to each place, there and, turned, back. */
  private there: number[] = [];
  private back: number[] = [];

  private readonly matrix: Matrix;
  private readonly twins: readonly number[];
  private readonly allowed: Allowed | undefined;

  constructor(
    matrix: Matrix,
    twins: readonly number[],
    tour: readonly number[],
    allowed: Allowed | undefined,
  ) {
    this.matrix = matrix;
    this.twins = twins;
    this.allowed = allowed;
    this.renew(tour);
  }

  renew(tour: readonly number[]): void {
    const there = [0];
    const back = [0];
    for (let at = 1; at < tour.length; at++) {
      const [one, other] = [tour[at - 1] as number, tour[at] as number];
      there.push((there[at - 1] as number) + this.way(one, other));
      back.push((back[at - 1] as number) + this.way(this.twin(other), this.twin(one)));
    }
    this.tour = tour;
    this.there = there;
    this.back = back;
    this.length = there.at(-1) ?? 0;
  }

  /** Exchange two neighbouring segments at random; the states whose neighbours changed. */
  kick(random: (most: number) => number): number[] {
    const { tour } = this;
    const first = 1 + random(Math.max(1, tour.length - KICK_SPAN - 1));
    const span = Math.min(KICK_SPAN, tour.length - first);
    const cuts = new Set<number>();
    while (cuts.size < 3) cuts.add(first + random(span));
    const [one = 0, two = 0, three = 0] = [...cuts].sort((a, b) => a - b);
    const then = [
      ...tour.slice(0, one),
      ...tour.slice(two, three),
      ...tour.slice(one, two),
      ...tour.slice(three),
    ];
    return this.take(then) ? then.slice(one - 1, three + 1) : [];
  }

  /** Improve until no state on the work list gains by any move. */
  settle(touched: readonly number[]): void {
    const work = this.inner(touched);
    for (let state = work.shift(); state !== undefined; state = work.shift()) {
      const at = this.find(state);
      const moved = this.move(at) ?? this.turn(at);
      if (!moved) continue;
      for (const other of [...this.inner(moved), state])
        if (!work.includes(other)) work.push(other);
    }
  }

  private row(state: number): readonly number[] {
    return this.matrix[state] as readonly number[];
  }

  private way(one: number, other: number): number {
    return this.row(one)[other] as number;
  }

  private twin(state: number): number {
    return this.twins[state] as number;
  }

  private at(place: number): number {
    return this.tour[place] as number;
  }

  private find(state: number): number {
    const at = this.tour.indexOf(state);
    return at < 0 ? this.tour.indexOf(this.twin(state)) : at;
  }

  private take(tour: readonly number[]): boolean {
    if (this.allowed && !this.allowed(tour)) return false;
    this.renew(tour);
    return true;
  }

  /** Walk a stretch that begins or ends here the other way round. */
  private turn(at: number): number[] | undefined {
    const last = this.tour.length - 1;
    for (let end = at + 1; end <= last; end++)
      if (this.turnStretch(at, end)) return this.near(at, end);
    for (let first = 1; first < at; first++)
      if (this.turnStretch(first, at + 1)) return this.near(first, at + 1);
    return undefined;
  }

  private turnStretch(first: number, end: number): boolean {
    const now = (this.there[end] as number) - (this.there[first - 1] as number);
    const then =
      this.way(this.at(first - 1), this.twin(this.at(end - 1))) +
      (this.back[end - 1] as number) -
      (this.back[first] as number) +
      this.way(this.twin(this.at(first)), this.at(end));
    if (then >= now) return false;
    return this.take([
      ...this.tour.slice(0, first),
      ...this.turned(first, end),
      ...this.tour.slice(end),
    ]);
  }

  private turned(first: number, end: number): number[] {
    return this.tour
      .slice(first, end)
      .reverse()
      .map(state => this.twin(state));
  }

  /** Put a segment that begins or ends here to its best other place. */
  private move(at: number): number[] | undefined {
    const last = this.tour.length - 1;
    for (let length = 1; length <= SEGMENT; length++)
      for (const first of length > 1 ? [at, at - length + 1] : [at]) {
        if (first < 1 || first + length > last) continue;
        const moved = this.moveSegment(first, first + length);
        if (moved) return moved;
      }
    return undefined;
  }

  private moveSegment(first: number, end: number): number[] | undefined {
    const { tour } = this;
    const rest = [...tour.slice(0, first), ...tour.slice(end)];
    const [head, tail] = [this.at(first), this.at(end - 1)];
    const [turnedHead, turnedTail] = [this.twin(tail), this.twin(head)];
    const inside = (this.there[end - 1] as number) - (this.there[first] as number);
    const turned = (this.back[end - 1] as number) - (this.back[first] as number) - inside;
    const [before, behind] = [this.at(first - 1), this.at(end)];
    const saved = this.way(before, head) + this.way(tail, behind) - this.way(before, behind);
    const [fromTail, fromTurned] = [this.row(tail), this.row(turnedTail)];
    const hasTurn = head !== turnedHead;
    const gains: { gain: number; gap: number; turn: boolean }[] = [];
    let row = this.row(rest[0] as number);
    for (let gap = 1; gap < rest.length; gap++) {
      const other = rest[gap] as number;
      const most = saved + (row[other] as number);
      const straight = most - (row[head] as number) - (fromTail[other] as number);
      if (straight > 0) gains.push({ gain: straight, gap, turn: false });
      if (hasTurn) {
        const round = most - (row[turnedHead] as number) - (fromTurned[other] as number) - turned;
        if (round > 0) gains.push({ gain: round, gap, turn: true });
      }
      row = this.row(other);
    }
    for (const { gap, turn } of gains.sort((a, b) => b.gain - a.gain)) {
      const segment = turn ? this.turned(first, end) : tour.slice(first, end);
      if (this.take([...rest.slice(0, gap), ...segment, ...rest.slice(gap)]))
        return [before, behind, rest[gap - 1] as number, rest[gap] as number, head, tail];
    }
    return undefined;
  }

  private near(first: number, end: number): number[] {
    return [first - 1, first, end - 1, end].map(at => this.at(at));
  }

  /** Without the ends of the walk, which stay. */
  private inner(states: readonly number[]): number[] {
    return states.filter(state => state !== this.tour[0] && state !== this.tour.at(-1));
  }
}
