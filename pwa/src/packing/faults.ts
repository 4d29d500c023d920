/**
 * What is wrong with a packed carton or pallet. It shares no code with what packs, so that a
 * proposal with a fault is never shown. Pure; lengths in mm, weights in g.
 */
import type { Piece, Placed, Room } from "./fitting";

export type FaultKind =
  | "overlaps"
  | "sticks_out"
  | "too_high"
  | "hangs"
  | "on_fragile"
  | "not_upright"
  | "other_size"
  | "too_heavy"
  | "left_out";

export interface Fault {
  readonly kind: FaultKind;
  /** The line of the piece; `null` where it is the whole that is wrong. */
  readonly line: number | null;
}

/** `goods`: what should be in it; a line that has fewer pieces than that is told. */
export function faultsOf(
  placed: readonly Placed[],
  room: Room,
  support: number,
  goods: readonly Piece[] = [],
): Fault[] {
  const found: Fault[] = placed.flatMap((box, at) => [
    ...alone(box, room),
    ...resting(box, placed, support),
    ...placed.slice(at + 1).flatMap(other => (meet(box, other) ? [tell("overlaps", box)] : [])),
  ]);
  const grams = placed.reduce((sum, { piece }) => sum + piece.grams, 0);
  if (grams > room.maxGrams) found.push({ kind: "too_heavy", line: null });
  return [...found, ...leftOut(placed, goods)];
}

function tell(kind: FaultKind, { piece }: Placed): Fault {
  return { kind, line: piece.line };
}

function alone(box: Placed, room: Room): Fault[] {
  const { piece } = box;
  const outside =
    Math.min(box.x, box.y, box.z) < 0 || box.x + box.l > room.l || box.y + box.w > room.w;
  const sides = (of: { l: number; w: number; h: number }) =>
    [of.l, of.w, of.h].sort((a, b) => a - b);
  return [
    ...(outside ? [tell("sticks_out", box)] : []),
    ...(box.z + box.h > room.h ? [tell("too_high", box)] : []),
    ...(piece.upright && box.h !== piece.h ? [tell("not_upright", box)] : []),
    ...(sides(box).join() === sides(piece).join() ? [] : [tell("other_size", box)]),
  ];
}

/** How much of its base rests on what, and whether that may carry it. */
function resting(box: Placed, placed: readonly Placed[], support: number): Fault[] {
  if (box.z <= 0) return [];
  const below = placed.filter(b => b !== box && b.z + b.h === box.z && shared(box, b) > 0);
  const area = below.reduce((sum, b) => sum + shared(box, b), 0);
  return [
    ...(area < support * box.l * box.w ? [tell("hangs", box)] : []),
    ...(below.some(b => b.piece.fragile) ? [tell("on_fragile", box)] : []),
  ];
}

function shared(a: Placed, b: Placed): number {
  return side(a.x, a.l, b.x, b.l) * side(a.y, a.w, b.y, b.w);
}

/** Length that two stretches have in common. */
function side(a: number, long: number, b: number, other: number): number {
  return Math.max(0, Math.min(a + long, b + other) - Math.max(a, b));
}

function meet(a: Placed, b: Placed): boolean {
  return shared(a, b) > 0 && side(a.z, a.h, b.z, b.h) > 0;
}

function leftOut(placed: readonly Placed[], goods: readonly Piece[]): Fault[] {
  const inside = new Map<number, number>();
  for (const { piece } of placed) inside.set(piece.line, (inside.get(piece.line) ?? 0) + 1);
  return goods.flatMap(({ line }) => {
    const left = (inside.get(line) ?? 0) - 1;
    inside.set(line, left);
    return left < 0 ? [{ kind: "left_out" as const, line }] : [];
  });
}
