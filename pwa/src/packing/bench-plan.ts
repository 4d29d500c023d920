/** One order at the bench: what is in which carton, what is still to be packed, into what. Pure. */
import type { RowTypes } from "../kernel/contract";
import { type Goods, type Proposal, propose } from "./cartons";
import type { Carton, Packing } from "./settings";

export type Line = RowTypes["pack_line"];
export type Job = RowTypes["pack_job"];
export type JobCarton = Job["cartons"][number];

/** Pieces of the line that go out: all but the flawed ones. */
export function wanted(line: Line): number {
  return line.qty - line.flawed;
}

export function missing(line: Line): number {
  return Math.max(0, wanted(line) - line.packed);
}

export function insideOf(line: Line, parcel: string): number {
  return line.inside.find(each => each.parcel === parcel)?.qty ?? 0;
}

export function piecesIn(lines: readonly Line[], parcel: string): number {
  return lines.reduce((sum, line) => sum + insideOf(line, parcel), 0);
}

/** The carton that pieces go into now: the first that is not sealed, or the next number. */
export function currentCarton(job: Job): JobCarton {
  const open = job.cartons.find(carton => !carton.sealed);
  return (
    open ?? { parcel: numberAt(job, job.cartons.length), carton: null, sealed: false, weight_g: 0 }
  );
}

/** The number of the carton at a place, from 0; past those given with the task a house number. */
export function numberAt({ numbers, spare }: Job, at: number): string {
  return numbers[at] ?? `${spare}-${at + 1}`;
}

/** Cartons with something in them that are not sealed. */
export function openCartons(job: Job, lines: readonly Line[]): JobCarton[] {
  return job.cartons.filter(({ parcel, sealed }) => !sealed && piecesIn(lines, parcel) > 0);
}

/** Pieces of one line by the size that the item master has; none where nobody has measured it. */
function goodsOf(line: Line): Goods[] {
  const { length_mm: l, width_mm: w, height_mm: h } = line;
  if (l <= 0 || w <= 0 || h <= 0) return [];
  const one: Goods = {
    line: line.no,
    l,
    w,
    h,
    grams: line.weight_g,
    upright: line.upright || line.liquid,
    fragile: line.weight_class === "fragile",
    heavy: line.weight_class === "heavy",
    care: careOf(line),
    apart: line.apart,
  };
  return Array.from({ length: missing(line) }, () => one);
}

export interface BenchProposal extends Proposal {
  /** Pieces that nobody has measured: the packer finds room for them. */
  readonly unmeasured: number;
}

/** For what is not in a carton yet; `null` where sizes or cartons are not known at all. */
export function proposalFor(
  lines: readonly Line[],
  cartons: readonly Carton[],
): BenchProposal | null {
  const goods = lines.flatMap(goodsOf);
  const found = propose(goods, cartons);
  const unmeasured = lines.reduce((sum, line) => sum + missing(line), 0) - goods.length;
  return found ? { ...found, unmeasured } : null;
}

function careOf({ temperature, dangerous }: Line): string {
  return `${temperature}|${dangerous}`;
}

/** Whether a piece of the line may not travel with what is in this carton. */
export function isApart(line: Line, lines: readonly Line[], parcel: string): boolean {
  return lines.some(
    other =>
      insideOf(other, parcel) > 0 &&
      (careOf(other) !== careOf(line) ||
        (other.apart !== "" && line.apart !== "" && other.apart !== line.apart)),
  );
}

/** What the carton should weigh in g; `null` where the master lacks a weight. */
export function expectedGrams(
  lines: readonly Line[],
  { parcel, carton }: JobCarton,
  cartons: readonly Carton[],
): number | null {
  const packed = lines.filter(line => insideOf(line, parcel) > 0);
  if (packed.length === 0 || packed.some(line => line.weight_g <= 0)) return null;
  const tare = cartons.find(({ code }) => code === carton)?.tare ?? 0;
  return packed.reduce((sum, line) => sum + line.weight_g * insideOf(line, parcel), tare);
}

/**
 * Whether the carton should be looked into again. One of unknown kind only adds weight, so that it
 * may be heavier than its goods, but not lighter. Twin of `is_off` in server/packing/rules.py.
 */
export function isOff(
  measured: number,
  expected: number | null,
  { tolerance_percent, tolerance_g }: Pick<Packing, "tolerance_percent" | "tolerance_g">,
  knowsCarton: boolean,
): boolean {
  if (expected === null || measured <= 0) return false;
  const allowed = Math.max((expected * tolerance_percent) / 100, tolerance_g);
  const off = measured - expected;
  return off < -allowed || (knowsCarton && off > allowed);
}

/** Which cartons `out` pieces of a line leave, the last unsealed one first: what stays in each. */
export function takeOut(
  line: Line,
  out: number,
  isOpen: (parcel: string) => boolean,
): Line["inside"] {
  let left = out;
  const stay = [...line.inside].reverse().map(({ parcel, qty }) => {
    const part = isOpen(parcel) ? Math.min(qty, left) : 0;
    left -= part;
    return { parcel, qty: qty - part };
  });
  return stay.reverse().filter(({ qty }) => qty > 0);
}
