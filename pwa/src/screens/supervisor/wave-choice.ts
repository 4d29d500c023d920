/** What the modes of a planned wave cost, side by side: pure. */
import type { RowTypes } from "../../kernel/contract";
import { savedPercent } from "./gain";

export type Wave = RowTypes["wave"];
export type Mode = "single" | "cluster" | "batch" | "zone";

export interface Choice {
  mode: Mode;
  tasks: number;
  metres: number;
  /** Metres walked for a line: what the modes are compared by. */
  perLine: number;
  handlingS: number;
  /** Whole per cent under these carts walked by S-shape, and under carts filled as orders came. */
  underSShape: number;
  underArrival: number;
  proposed: boolean;
}

export function choices(wave: Wave): Choice[] {
  return wave.options.map(option => ({
    mode: option.mode as Mode,
    tasks: option.tasks,
    metres: option.metres,
    perLine: wave.lines > 0 ? option.metres / wave.lines : 0,
    handlingS: option.handling_s,
    underSShape: savedPercent(option.metres, option.s_shape_metres),
    underArrival: savedPercent(option.metres, wave.arrival_metres),
    proposed: option.mode === wave.mode,
  }));
}

/** Waves that still ask for something come first, the newest of each first. */
export function inOrder(waves: readonly Wave[]): Wave[] {
  const rank = (wave: Wave) => (wave.state === "released" ? 1 : 0);
  return [...waves].sort((a, b) => rank(a) - rank(b) || b.number - a.number);
}
