/**
 * Iterated local search where the way there may not be as long as the way back, the twin of
 * `server/picking/directed_search.py`: a segment of 1 to 3 elsewhere, any stretch the other way
 * round, then random exchanges of neighbouring segments, gone on from when the walk grows little
 * longer, and less and less. The budget is a number of kicks and the seed is fixed.
 *
 * A handheld makes a walk seldom, hence with code that nothing has warmed: flat arrays of numbers
 * and plain loops are several times faster then than what allocates.
 */
import { type Places, Walk } from "./walk";

const SEGMENT = 3;
const KICK_SPAN = 50;
const SEED = 20;
/** Of a kick that ranks forbid. */
const TRIES = 10;
/** The part of the best length by which a walk may be longer and still be gone on from, at first. */
const SLACK = 0.1;

/** A walk at most as long as `tour`, whose first and last state stay where they are. */
export function improve(places: Places, tour: ArrayLike<number>, kicks: number): Int32Array {
  const search = new Search(places, tour);
  for (let at = 1; at < tour.length - 1; at++) search.look(tour[at] as number);
  search.settle();
  const best = Int32Array.from(search.walk.tour);
  if (tour.length < 5) return best;
  let bestLength = search.walk.length;
  const now = Int32Array.from(best);
  const random = randomBelow(SEED);
  for (let kick = 0; kick < kicks; kick++) {
    for (let tries = TRIES; tries && !search.kick(random); tries--);
    search.settle();
    const slack = SLACK * bestLength * (1 - (kick + 1) / kicks);
    if (search.walk.length <= bestLength + slack) now.set(search.walk.tour);
    else search.walk.renew(now);
    if (search.walk.length > bestLength) continue;
    best.set(search.walk.tour);
    bestLength = search.walk.length;
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
  readonly walk: Walk;
  private readonly places: Places;
  private readonly waiting: number[] = [];
  private readonly isWaiting: Uint8Array;

  constructor(places: Places, tour: ArrayLike<number>) {
    this.places = places;
    this.walk = new Walk(places, tour);
    this.isWaiting = new Uint8Array(places.size);
  }

  /** Try to better what is at this state, in its turn. */
  look(one: number): void {
    const { tour, found, last } = this.walk;
    const at = found[one] as number;
    const state = tour[at] as number;
    if (at === 0 || at === last || this.isWaiting[state]) return;
    this.isWaiting[state] = 1;
    this.waiting.push(state);
  }

  /** Improve until no state that was looked at gains by any move. */
  settle(): void {
    do this.settleEach();
    while (this.places.ranks && this.turnBoth());
  }

  private settleEach(): void {
    const { waiting } = this;
    for (let next = 0; next < waiting.length; next++) {
      const state = waiting[next] as number;
      this.isWaiting[state] = 0;
      const at = this.walk.found[state] as number;
      if (this.move(at) || this.turn(at)) this.look(state);
    }
    waiting.length = 0;
  }

  /** Exchange two neighbouring segments at random; false where ranks forbid it. */
  kick(random: (most: number) => number): boolean {
    const { walk } = this;
    const first = 1 + random(Math.max(1, walk.last - KICK_SPAN));
    const span = Math.min(KICK_SPAN, walk.last + 1 - first);
    const cuts = [first + random(span), 0, 0];
    for (let cut = 1; cut < 3; cut++)
      do cuts[cut] = first + random(span);
      while (cuts.indexOf(cuts[cut] as number) < cut);
    const [one = 0, two = 0, three = 0] = cuts.sort((a, b) => a - b);
    walk.rotate(one, two, three);
    if (!walk.bars.areKept()) {
      walk.rotate(one, one + three - two, three);
      return false;
    }
    walk.measure(one);
    for (let at = one - 1; at <= three; at++) this.look(walk.tour[at] as number);
    return true;
  }

  /** Put a segment that begins or ends here to its best other place. */
  private move(at: number): boolean {
    for (let length = 1; length <= SEGMENT; length++) {
      if (at + length <= this.walk.last && this.moveSegment(at, at + length)) return true;
      const first = at - length + 1;
      if (length > 1 && first >= 1 && this.moveSegment(first, at + 1)) return true;
    }
    return false;
  }

  private moveSegment(first: number, end: number): boolean {
    const { ways, size, twins } = this.places;
    const { walk } = this;
    const { tour, there, back, bars } = walk;
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
    const mayTurn = turnedTail !== tail && !bars.forbidTurning(first, end);
    let gain = 0;
    let best = 0;
    let isTurned = false;
    const low = bars.leftmost(first, end);
    const high = bars.rightmost(first, end);
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
    if (isTurned) walk.reverse(first, end);
    if (best < first) walk.rotate(best, first, end);
    else walk.rotate(first, end, best);
    walk.measure(Math.min(first, best));
    for (const state of beside) this.look(state);
    return true;
  }

  /** Walk a stretch that begins or ends here the other way round. */
  private turn(at: number): boolean {
    const { last, bars } = this.walk;
    const { before } = bars;
    for (let end = at + 1; end <= last && (before[end - 1] as number) < at; end++)
      if (this.turnStretch(at, end)) return true;
    let bar = before[at] as number;
    for (let first = at - 1; first >= 1 && bar < first; first--) {
      if (this.turnStretch(first, at + 1)) return true;
      bar = Math.max(bar, before[first] as number);
    }
    return false;
  }

  private turnStretch(first: number, end: number): boolean {
    const { ways, size, twins } = this.places;
    const { walk } = this;
    const { tour, there, back } = walk;
    const from = tour[first - 1] as number;
    const to = tour[end] as number;
    const now = (there[end] as number) - (there[first - 1] as number);
    const then =
      (ways[from * size + (twins[tour[end - 1] as number] as number)] as number) +
      (back[end - 1] as number) -
      (back[first] as number) +
      (ways[(twins[tour[first] as number] as number) * size + to] as number);
    if (then >= now) return false;
    walk.reverse(first, end);
    walk.measure(first);
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
    const { ways, size, twins } = this.places;
    const { tour, back, there, last, bars } = this.walk;
    const barred = bars.before;
    for (let middle = 2; middle < last; middle++) {
      if (barred[middle] !== middle - 1) continue;
      const toMiddle = twins[tour[middle - 1] as number] as number;
      const fromMiddle = (twins[tour[middle] as number] as number) * size;
      let bar = 0;
      for (let first = middle - 1; first >= 1 && bar < first; first--) {
        bar = Math.max(bar, barred[first] as number);
        const across = (twins[tour[first] as number] as number) * size;
        const before =
          (there[first - 1] as number) +
          (ways[(tour[first - 1] as number) * size + toMiddle] as number) +
          ((back[middle - 1] as number) - (back[first] as number));
        for (let end = middle + 1; end <= last; end++) {
          if ((barred[end - 1] as number) >= middle) break;
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
    const { walk } = this;
    walk.reverse(first, middle);
    walk.reverse(middle, end);
    walk.measure(first);
    for (const at of [first - 1, first, middle - 1, middle, end - 1, end])
      this.look(walk.tour[at] as number);
    return true;
  }
}
