/** Doors on a drawing: no tiles, no roads, but to scale. Pure. */

export interface Spot {
  readonly lat_e7: number;
  readonly lon_e7: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

export interface Projection {
  readonly place: (spot: Spot) => Point;
  readonly metresPerUnit: number;
}

/** Metres of a degree of latitude on the mean sphere. */
const DEGREE_M = 111_195;
/** A single door is shown with so much around it. */
const LEAST_M = 400;

/**
 * Equirectangular around the middle: for the round of a van its error is far below a stop's sign.
 * Rounds over the date line are drawn on one side of it.
 */
export function project(spots: readonly Spot[], frame: Frame): Projection {
  const around = spots[0] ?? { lat_e7: 0, lon_e7: 0 };
  const lats = spots.map(({ lat_e7 }) => lat_e7 / 1e7);
  const lons = spots.map(({ lon_e7 }) => near(lon_e7, around.lon_e7) / 1e7);
  const [lat, high] = middle(lats);
  const [lon, wide] = middle(lons);
  const shrink = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const room = { w: frame.width - 2 * frame.margin, h: frame.height - 2 * frame.margin };
  const metresPerUnit = Math.max(
    (wide * shrink * DEGREE_M) / room.w,
    (high * DEGREE_M) / room.h,
    LEAST_M / Math.min(room.w, room.h),
  );
  const place = (spot: Spot) => ({
    x:
      frame.width / 2 +
      ((near(spot.lon_e7, around.lon_e7) / 1e7 - lon) * shrink * DEGREE_M) / metresPerUnit,
    y: frame.height / 2 - ((spot.lat_e7 / 1e7 - lat) * DEGREE_M) / metresPerUnit,
  });
  return { place, metresPerUnit };
}

const AROUND = 3_600_000_000;

function near(lon: number, to: number): number {
  return lon - Math.round((lon - to) / AROUND) * AROUND;
}

function middle(values: readonly number[]): [at: number, size: number] {
  if (values.length === 0) return [0, 0];
  const least = Math.min(...values);
  const most = Math.max(...values);
  return [(least + most) / 2, most - least];
}

/** The longest of 1, 2, 5, 10 … metres that fits into `most` units. */
export function scaleBar(metresPerUnit: number, most: number): { metres: number; units: number } {
  const room = metresPerUnit * most;
  const ten = 10 ** Math.floor(Math.log10(room));
  const metres = [5, 2, 1].map(n => n * ten).find(n => n <= room) ?? ten;
  return { metres, units: metres / metresPerUnit };
}

export interface Mark extends Point {
  readonly numbers: readonly number[];
}

/** Signs that would cover each other become one sign with all their numbers. */
export function together(
  marks: readonly (Point & { readonly number: number })[],
  apart: number,
): Mark[] {
  const made: { x: number; y: number; numbers: number[] }[] = [];
  for (const { x, y, number } of marks) {
    const close = made.find(mark => Math.hypot(mark.x - x, mark.y - y) < apart);
    if (close) close.numbers.push(number);
    else made.push({ x, y, numbers: [number] });
  }
  return made;
}

/** `3`, `3–5` for a row of numbers, `3 7` for others, `3 7…` where there is no room. */
export function marked(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? first;
  if (sorted.length > 1 && last - first === sorted.length - 1) return `${first}–${last}`;
  return sorted.length > 2 ? `${first} ${sorted[1]}…` : sorted.join(" ");
}

export interface Label extends Point {
  readonly anchor: "start" | "middle" | "end";
}

interface Side {
  dx: number;
  dy: number;
  anchor: Label["anchor"];
  /** From its beginning to its middle. */
  far: number;
}

const RIGHT: Side = { dx: 16, dy: 5, anchor: "start", far: 22 };
const SIDES: readonly Side[] = [
  RIGHT,
  { dx: -16, dy: 5, anchor: "end", far: -22 },
  { dx: 0, dy: -16, anchor: "middle", far: 0 },
  { dx: 0, dy: 27, anchor: "middle", far: 0 },
];

/** On the side of a point where the others leave most room: right, left, above or below. */
export function labelBeside(at: Point, others: readonly Point[]): Label {
  const room = SIDES.map(({ dx, dy, far }) =>
    Math.min(
      ...others.map(({ x, y }) => Math.hypot(at.x + dx + far - x, (at.y + dy - 5 - y) * 1.5)),
      80,
    ),
  );
  const { dx, dy, anchor } = SIDES[room.indexOf(Math.max(...room))] ?? RIGHT;
  return { x: at.x + dx, y: at.y + dy, anchor };
}

export interface StopState {
  readonly done?: boolean;
  readonly failed?: boolean;
  readonly late?: boolean;
}

/** What stands behind the numbers of a sign: the worst of its stops. */
export function stateSign(stops: readonly StopState[]): string {
  if (stops.some(stop => stop.failed)) return " ✗";
  if (stops.some(stop => stop.late)) return " !";
  return stops.length > 0 && stops.every(stop => stop.done) ? " ✓" : "";
}
