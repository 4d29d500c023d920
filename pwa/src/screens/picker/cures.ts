/**
 * What becomes of the rest of a line that came short, from what its row carries: no network needed.
 * Pure.
 */
import { REST } from "../../ops/picking-rest";
import { reroute } from "../../route/reroute";
import { endAfter, type FloorPlan, type Place, spotOf } from "../floor/floor-plan";
import type { Line } from "./walk";

type Bin = Line["cures"]["bins"][number];
type Substitute = Line["cures"]["substitutes"][number];

export type Cure =
  | { readonly kind: "elsewhere"; readonly at: Bin; readonly qty: number }
  | {
      readonly kind: "substitute";
      readonly item: Substitute;
      readonly at: Bin;
      readonly qty: number;
    }
  /** Wait until the bin is filled from bulk. */
  | { readonly kind: "replenish"; readonly qty: number };

export const LAST_NUMBER = 100_000;

/** What may be done about `missing` pieces, the best first; none where nothing can. */
export function curesOf(line: Line, missing: number): Cure[] {
  if (missing <= 0 || line.no + REST > LAST_NUMBER) return [];
  const { bins, substitutes, bulk } = line.cures;
  const part = (at: Bin) => ({ at, qty: Math.min(missing, at.qty) });
  return [
    ...bins.map(at => ({ kind: "elsewhere" as const, ...part(at) })),
    ...substitutes.map(item => ({ kind: "substitute" as const, item, ...part(item.at) })),
    ...(bulk > 0 ? [{ kind: "replenish" as const, qty: missing }] : []),
  ];
}

/** A stop of the walk: a line, or what is put in for one. */
interface Stop extends Place {
  readonly no: number;
  readonly slot: number;
  readonly weight_class: string;
  readonly waits: boolean;
}

/**
 * The open lines in the order of a short walk from where the picker stands, with `added` among them.
 * Lines that wait for goods come last. Without a floor plan the order stays, and what is new comes
 * at the end.
 */
export function walkAnew(
  ahead: readonly Stop[],
  added: Stop | null,
  here: Place,
  plan: FloorPlan | null,
): number[] {
  const all = added ? [...ahead, added] : ahead;
  const ready = all.filter(stop => !stop.waits);
  const waiting = all.filter(stop => stop.waits).map(({ no }) => no);
  if (!plan) return [...ready.map(({ no }) => no), ...waiting];
  const stops = ready.map(({ aisle, block, offset_dm, slot, weight_class }) => {
    const rank = weight_class === "heavy" ? 0 : 1;
    return { aisle, block, offset_dm, tote: slot, rank };
  });
  const end = endAfter(plan, ready.at(-1) ?? here);
  const order = reroute(stops, spotOf(plan, here), end, plan);
  return [...order.flatMap(i => ready[i]?.no ?? []), ...waiting];
}

/** The stop that the rest of a line becomes. */
export function restOf(line: Line, cure: Cure): Stop {
  const at = cure.kind === "replenish" ? line : cure.at;
  const item = cure.kind === "substitute" ? cure.item : line;
  return {
    no: line.no + REST,
    slot: line.slot,
    weight_class: item.weight_class,
    waits: cure.kind === "replenish",
    aisle: at.aisle,
    block: at.block,
    offset_dm: at.offset_dm,
  };
}

/** A line that was skipped comes last; the others keep the order they have. */
export function skipped(ahead: readonly Stop[], no: number): number[] {
  const others = ahead.map(stop => stop.no).filter(each => each !== no);
  return [...others, no];
}
