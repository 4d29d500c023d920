/** Boxes into one carton: extreme points, lowest place first. Pure; lengths in mm, weights in g. */

export interface Size {
  readonly l: number;
  readonly w: number;
  readonly h: number;
}

export interface Piece extends Size {
  /** Line of the packing task that the piece belongs to. */
  readonly line: number;
  readonly grams: number;
  /** Stands on its base: it is turned on the floor only. */
  readonly upright: boolean;
  /** Nothing stands on it. */
  readonly fragile: boolean;
  /** Goes in first, so that it stands at the bottom. */
  readonly heavy: boolean;
}

export interface Room extends Size {
  /** Of the goods alone. */
  readonly maxGrams: number;
  /** Percent of the room that goods may take; the rest is filler. */
  readonly fill: number;
}

/** Where a piece stands, from the corner at the front, left, on the ground. */
export interface Placed extends Size {
  readonly piece: Piece;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Stowed {
  readonly placed: readonly Placed[];
  readonly left: readonly Piece[];
}

/** Share of a piece's base that must rest on what is below. */
export const SUPPORT = 0.7;

type Point = Pick<Placed, "x" | "y" | "z">;

/** From the ground up, or from one end to the other. */
export type Way = "layers" | "walls";

const POINTS: Record<Way, (p: Point, q: Point) => number> = {
  layers: (p, q) => p.z - q.z || p.y - q.y || p.x - q.x,
  walls: (p, q) => p.x - q.x || p.z - q.z || p.y - q.y,
};

/**
 * Puts in as many of the pieces as go, in their order; a piece that does not go is left for the
 * next carton. `budget.looks` counts down by each place looked at; at 0 the rest is left.
 */
export function stow(
  pieces: readonly Piece[],
  room: Room,
  way: Way,
  budget: { looks: number },
): Stowed {
  const placed: Placed[] = [];
  const left: Piece[] = [];
  let points: Point[] = [{ x: 0, y: 0, z: 0 }];
  let grams = 0;
  let volume = (volumeOf(room) * room.fill) / 100;
  let refused: Piece | undefined;
  for (const piece of pieces) {
    const may = grams + piece.grams <= room.maxGrams && volumeOf(piece) <= volume;
    // Nothing was put in since its like found no place.
    const spot =
      may && !(refused && isAlike(piece, refused))
        ? first(piece, points, placed, room, way, budget)
        : undefined;
    if (!spot) {
      if (may) refused = piece;
      left.push(piece);
      continue;
    }
    refused = undefined;
    placed.push(spot);
    points = nextPoints(points, spot, placed).sort(POINTS[way]);
    grams += piece.grams;
    volume -= volumeOf(piece);
  }
  return { placed, left };
}

function isAlike(a: Piece, b: Piece): boolean {
  return a.l === b.l && a.w === b.w && a.h === b.h && a.upright === b.upright;
}

export function volumeOf({ l, w, h }: Size): number {
  return l * w * h;
}

/** The points are in order: the first that takes the piece is the best. */
function first(
  piece: Piece,
  points: readonly Point[],
  placed: readonly Placed[],
  room: Room,
  way: Way,
  budget: { looks: number },
): Placed | undefined {
  const ways = turns(piece, room, way);
  for (const point of points)
    for (const size of ways) {
      if (--budget.looks < 0) return undefined;
      const spot = { piece, ...size, ...point };
      if (isInside(spot, room) && standsAlone(spot, placed) && isCarried(spot, placed)) return spot;
    }
  return undefined;
}

/** Best first: the turn whose copies cover most of a layer, or of a wall. */
function turns({ l, w, h, upright }: Piece, room: Size, way: Way): Size[] {
  const all = [
    { l, w, h },
    { l: w, w: l, h },
    ...(upright
      ? []
      : [
          { l, w: h, h: w },
          { l: h, w: l, h: w },
          { l: w, w: h, h: l },
          { l: h, w, h: l },
        ]),
  ];
  return all.sort((a, b) => covered(b, room, way) - covered(a, room, way) || a.h - b.h);
}

function covered(piece: Size, room: Size, way: Way): number {
  const across = Math.floor(room.w / piece.w) * piece.w;
  if (way === "layers") return across * Math.floor(room.l / piece.l) * piece.l;
  return across * Math.floor(room.h / piece.h) * piece.h;
}

function isInside(b: Placed, room: Size): boolean {
  return b.x + b.l <= room.l && b.y + b.w <= room.w && b.z + b.h <= room.h;
}

function standsAlone(spot: Placed, placed: readonly Placed[]): boolean {
  for (const other of placed) if (overlap(spot, other)) return false;
  return true;
}

function overlap(a: Placed, b: Placed): boolean {
  return (
    a.x < b.x + b.l &&
    b.x < a.x + a.l &&
    a.y < b.y + b.w &&
    b.y < a.y + a.w &&
    a.z < b.z + b.h &&
    b.z < a.z + a.h
  );
}

/** On the ground, or resting on enough of what is below; never on a fragile piece. */
function isCarried(spot: Placed, placed: readonly Placed[]): boolean {
  if (spot.z === 0) return true;
  let area = 0;
  for (const below of placed) {
    if (below.z + below.h !== spot.z) continue;
    const shared = sharedBase(spot, below);
    if (shared > 0 && below.piece.fragile) return false;
    area += shared;
  }
  return area >= SUPPORT * spot.l * spot.w;
}

function sharedBase(a: Placed, b: Placed): number {
  const l = Math.min(a.x + a.l, b.x + b.l) - Math.max(a.x, b.x);
  const w = Math.min(a.y + a.w, b.y + b.w) - Math.max(a.y, b.y);
  return l > 0 && w > 0 ? l * w : 0;
}

/** The corners that a new piece opens, slid back until they touch something. */
function nextPoints(points: readonly Point[], b: Placed, placed: readonly Placed[]): Point[] {
  const corners = [
    { x: b.x + b.l, y: b.y, z: b.z },
    { x: b.x, y: b.y + b.w, z: b.z },
    { x: b.x, y: b.y, z: b.z + b.h },
    { x: b.x + b.l, y: b.y, z: 0 },
    { x: b.x, y: b.y + b.w, z: 0 },
  ];
  const slid = corners.map(corner => slide(corner, placed));
  const found = new Map<string, Point>();
  for (const p of [...points, ...corners, ...slid])
    if (!isCovered(p, b)) found.set(`${p.x},${p.y},${p.z}`, p);
  return [...found.values()];
}

function slide(p: Point, placed: readonly Placed[]): Point {
  let { x, y } = { x: 0, y: 0 };
  for (const b of placed) {
    const level = b.z <= p.z && p.z < b.z + b.h;
    if (level && b.y <= p.y && p.y < b.y + b.w && b.x + b.l <= p.x) x = Math.max(x, b.x + b.l);
    if (level && b.x <= p.x && p.x < b.x + b.l && b.y + b.w <= p.y) y = Math.max(y, b.y + b.w);
  }
  return { x, y, z: p.z };
}

function isCovered(p: Point, b: Placed): boolean {
  return (
    b.x <= p.x && p.x < b.x + b.l && b.y <= p.y && p.y < b.y + b.w && b.z <= p.z && p.z < b.z + b.h
  );
}
