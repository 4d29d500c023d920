/** How far waves and runs are, from rows and the time: pure. */
import type { ProgressRow, RunRow, StopStateRow } from "../../kernel/contract";

/** In whole per cent; a hundred only when nothing is left. */
export function percent(done: number, of: number): number {
  return of > 0 ? Math.floor((100 * Math.min(done, of)) / of) : 100;
}

/** Waves with lines still to be picked, the one that lasts longest first. */
export function openWaves(waves: readonly ProgressRow[]): ProgressRow[] {
  const last = (wave: ProgressRow) => wave.at ?? Number.MAX_SAFE_INTEGER;
  return waves
    .filter(({ done, lines }) => done < lines)
    .sort((a, b) => last(b) - last(a) || a.number - b.number);
}

/** Runs that are loaded or on the road, in the order of their numbers. */
export function runsOut(runs: readonly RunRow[]): RunRow[] {
  return runs.filter(({ state }) => state !== "closed").sort((a, b) => a.number - b.number);
}

/** Whether a stop comes too late for its window, or is far too late for its customer. */
export function isLate(stop: StopStateRow, now: number): boolean {
  if (stop.state === "closed" || stop.closes_at <= 0)
    return stop.state !== "closed" && stop.delayed;
  const comes = stop.state === "planned" ? Math.max(stop.eta ?? 0, now) : 0;
  return stop.delayed || comes > stop.closes_at;
}

export function lateStops(run: RunRow, stops: readonly StopStateRow[], now: number): number {
  return stops.filter(stop => stop.run === run.id && isLate(stop, now)).length;
}
