/** Whole per cent by which a walk is shorter than another; 0 if it is not. */
export function savedPercent(metres: number, other: number): number {
  return other > metres ? Math.round((100 * (other - metres)) / other) : 0;
}
