/** Which cartons an order goes into: as few as possible, each as small as possible. Pure. */
import { faultsOf } from "./faults";
import {
  type Piece,
  type Placed,
  type Room,
  type Stowed,
  SUPPORT,
  stow,
  volumeOf,
} from "./fitting";

export interface CartonType extends Room {
  readonly code: string;
  readonly name: string;
}

export interface Goods extends Piece {
  /** Temperature, danger: only what needs the same care shares a carton. */
  readonly care: string;
  /** Pieces of two classes never share a carton; what has none goes with either. */
  readonly apart: string;
}

export interface Load {
  readonly carton: CartonType;
  readonly placed: readonly Placed[];
}

export interface Proposal {
  readonly loads: readonly Load[];
  /** Too large or too heavy for any carton: they travel as they are. */
  readonly loose: readonly Piece[];
  /** Further cartons, by volume alone: there were too many pieces to try. */
  readonly about: number;
}

/** Places looked at for one proposal: a quarter of a second on a desk. Never wall time. */
const LOOKS = 1_500_000;

type Order = (a: Piece, b: Piece) => number;

const base = ({ l, w }: Piece): number => l * w;
const longest = ({ l, w, h }: Piece): number => Math.max(l, w, h);
/** What is heavy goes to the bottom, and what may not carry ends on top, in each order. */
const tier = ({ heavy, fragile }: Piece): number => (fragile ? 2 : heavy ? 0 : 1);
const bySize: Order = (a, b) => volumeOf(b) - volumeOf(a);

const ORDERS: readonly Order[] = [
  (a, b) => tier(a) - tier(b) || bySize(a, b) || b.grams - a.grams || a.line - b.line,
  (a, b) => tier(a) - tier(b) || base(b) - base(a) || b.h - a.h || a.line - b.line,
  (a, b) => tier(a) - tier(b) || longest(b) - longest(a) || bySize(a, b) || a.line - b.line,
  (a, b) => tier(a) - tier(b) || b.grams - a.grams || bySize(a, b) || a.line - b.line,
];

const TRIES = ORDERS.flatMap(order => [[order, "walls"] as const, [order, "layers"] as const]);

/** `undefined` where there is nothing to choose from, or nothing to put in. */
export function propose(
  goods: readonly Goods[],
  cartons: readonly CartonType[],
): Proposal | undefined {
  if (goods.length === 0 || cartons.length === 0) return undefined;
  const rising = [...cartons].sort(
    (a, b) => volumeOf(a) - volumeOf(b) || (a.code < b.code ? -1 : 1),
  );
  const budget = { looks: LOOKS };
  const loads: Load[] = [];
  const loose: Piece[] = [];
  const untried: Piece[] = [];
  for (const group of apart(goods)) {
    const rest = fillAll(group, rising, budget, loads);
    (budget.looks < 0 ? untried : loose).push(...rest);
  }
  return { loads, loose, about: byVolume(untried, rising) };
}

function byVolume(pieces: readonly Piece[], cartons: readonly CartonType[]): number {
  const largest = cartons.at(-1);
  if (!largest) return 0;
  const need = volumesOf(pieces);
  return Math.ceil((need * 100) / (volumeOf(largest) * largest.fill));
}

/** What may share a carton; what goes with anything is added to the largest group of its care. */
function apart(goods: readonly Goods[]): Goods[][] {
  return grouped(goods, ({ care }) => care).flatMap(alike => {
    const classes = grouped(
      alike.filter(piece => piece.apart !== ""),
      piece => piece.apart,
    );
    const neutral = alike.filter(piece => piece.apart === "");
    const largest = [...classes].sort((a, b) => volumesOf(b) - volumesOf(a))[0];
    if (!largest) return [neutral];
    return classes.map(group => (group === largest ? [...group, ...neutral] : group));
  });
}

/** In the order of their keys, so that the same goods give the same proposal. */
function grouped(goods: readonly Goods[], keyOf: (piece: Goods) => string): Goods[][] {
  const groups = new Map<string, Goods[]>();
  for (const piece of goods) {
    const group = groups.get(keyOf(piece));
    if (group) group.push(piece);
    else groups.set(keyOf(piece), [piece]);
  }
  return [...groups.keys()].sort().map(key => groups.get(key) ?? []);
}

function volumesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + volumeOf(piece), 0);
}

/** Adds to `loads`; returns what went into none. */
function fillAll(
  group: readonly Piece[],
  cartons: readonly CartonType[],
  budget: { looks: number },
  loads: Load[],
): readonly Piece[] {
  let rest = group;
  while (rest.length > 0) {
    const load = smallestForAll(rest, cartons, budget) ?? fullest(rest, cartons, budget);
    if (!load || budget.looks < 0) return rest;
    // A proposal with a fault must not reach anybody.
    if (faultsOf(load.stowed.placed, load.carton, SUPPORT).length > 0) return rest;
    loads.push({ carton: load.carton, placed: load.stowed.placed });
    rest = load.stowed.left;
  }
  return rest;
}

interface Tried {
  readonly carton: CartonType;
  readonly stowed: Stowed;
}

function smallestForAll(
  pieces: readonly Piece[],
  cartons: readonly CartonType[],
  budget: { looks: number },
): Tried | undefined {
  const need = volumesOf(pieces);
  const grams = pieces.reduce((sum, piece) => sum + piece.grams, 0);
  for (const carton of cartons) {
    if (need > (volumeOf(carton) * carton.fill) / 100 || grams > carton.maxGrams) continue;
    for (const [order, way] of TRIES) {
      const tried = stow([...pieces].sort(order), carton, way, budget);
      if (tried.left.length === 0) return { carton, stowed: tried };
    }
  }
  return undefined;
}

/** The carton and order that take the most goods; the rest needs another one anyway. */
function fullest(
  pieces: readonly Piece[],
  cartons: readonly CartonType[],
  budget: { looks: number },
): Tried | undefined {
  let best: Tried | undefined;
  let most = 0;
  for (const carton of [...cartons].reverse())
    for (const [order, way] of TRIES) {
      const tried = stow([...pieces].sort(order), carton, way, budget);
      const volume = tried.placed.reduce((sum, { piece }) => sum + volumeOf(piece), 0);
      if (volume > most) [best, most] = [{ carton, stowed: tried }, volume];
    }
  return best;
}

/** In which order a carton is filled: what carries before what it carries, the heaviest first. */
export function inOrder({ placed }: Load): Placed[] {
  return [...placed].sort(
    (a, b) => a.z - b.z || tier(a.piece) - tier(b.piece) || b.piece.grams - a.piece.grams,
  );
}
