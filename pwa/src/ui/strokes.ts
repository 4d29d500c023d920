/**
 * A signature as vectors with time, apart from any picture of it: it survives rotation, resize and
 * remounting, and can be examined later.
 */

/** Position in 1/10,000 of the pad's width, right and down from its corner; time in ms since the first point. */
export interface Point {
  x: number;
  y: number;
  t: number;
}

/** Whole numbers only, so that its canonical JSON is the same everywhere. One array a stroke. */
export type Strokes = readonly (readonly Point[])[];

export const PAD_WIDTH = 10_000;
/** The pad keeps its shape in every orientation, so nothing is ever distorted. */
export const PAD_HEIGHT = 5_000;

/** Less ink than this, in pad units, is a dot or a slip, not a name: a tenth of the pad's width. */
export const LEAST_INK = 1_000;

/** The length of all strokes in pad units; a dot has none. */
export function inkLength(strokes: Strokes): number {
  return strokes.reduce((total, stroke) => total + strokeLength(stroke), 0);
}

function strokeLength(stroke: readonly Point[]): number {
  return stroke.reduce((length, point, index) => {
    const before = stroke[index - 1];
    return before ? length + Math.hypot(point.x - before.x, point.y - before.y) : length;
  }, 0);
}

/** Whether there is enough ink for a signature: empty and dot-only pads are refused. */
export function isSigned(strokes: Strokes): boolean {
  return inkLength(strokes) >= LEAST_INK;
}

/** SVG path data in pad units; a dot becomes a line of no length, which round caps make visible. */
export function svgPath(strokes: Strokes): string {
  return strokes
    .map(stroke => {
      const [first, ...rest] = stroke;
      if (!first) return "";
      const lines = rest.length > 0 ? rest : [first];
      return `M${first.x} ${first.y}${lines.map(({ x, y }) => `L${x} ${y}`).join("")}`;
    })
    .join("");
}

/** A position on the screen in pad units, kept on the pad. `box` is the pad's place on the screen. */
export function toPad(
  at: { clientX: number; clientY: number },
  box: { left: number; top: number; width: number; height: number },
): { x: number; y: number } {
  return {
    x: scale(at.clientX - box.left, box.width, PAD_WIDTH),
    y: scale(at.clientY - box.top, box.height, PAD_HEIGHT),
  };
}

function scale(distance: number, size: number, units: number): number {
  if (size <= 0) return 0;
  return Math.round(Math.min(1, Math.max(0, distance / size)) * units);
}
