/** Which rows of a long table are painted, and where a key leads in it: pure. */

/** Painted above and below what is in sight, so that a scroll finds rows there. */
const SPARE = 6;

/** The rows from `first` up to `last`, which is not among them. Sizes in px. */
export function windowOf(
  top: number,
  size: number,
  rows: number,
  height: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.min(Math.floor(top / height) - SPARE, rows));
  const last = Math.min(rows, Math.ceil((top + size) / height) + SPARE);
  return { first, last: Math.max(first, last) };
}

/** The row that a key leads to; null for a key that leads nowhere. */
export function keyStep(key: string, at: number, rows: number, page: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: rows - 1,
  };
  const to = steps[key];
  return to === undefined ? null : Math.max(0, Math.min(rows - 1, to));
}
