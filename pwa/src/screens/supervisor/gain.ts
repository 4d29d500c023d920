/** Walks compared: pure. */
import type { RowTypes } from "../../kernel/contract";

type WalkRow = RowTypes["walk"];

/** Whole per cent by which a walk is shorter than another; 0 if it is not. */
export function savedPercent(metres: number, other: number): number {
  return other > metres ? Math.round((100 * (other - metres)) / other) : 0;
}

/** Whole per cent by which a walk is longer than another; 0 if it is not. */
export function extraPercent(metres: number, other: number): number {
  return other > 0 && metres > other ? Math.round((100 * (metres - other)) / other) : 0;
}

export interface Walked {
  metres: number;
  sShape: number;
}

/** What was walked since midnight by this desk's clock, and what S-shape would have cost. */
export function walkedToday(hours: readonly WalkRow[], now: number): Walked {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const today = hours.filter(({ hour }) => hour >= midnight && hour <= now);
  return {
    metres: today.reduce((sum, { metres }) => sum + metres, 0),
    sShape: today.reduce((sum, { s_shape_metres }) => sum + s_shape_metres, 0),
  };
}
