/** The bench: each piece is scanned against the order. Pure: lines and a scan give what follows. */
import type { RowTypes } from "../../kernel/contract";
import type { Scan } from "../../scan/resolve";
import { doubtfulValue, type ItemMatch, matchItem } from "../floor/item-scan";

export type PackLine = RowTypes["pack_line"];

export type Why =
  | "not_asked"
  | "too_many"
  | "not_an_item"
  | Extract<ItemMatch, "expired" | "doubtful" | "not_readable">;

export interface Stop {
  readonly why: Why;
  readonly scanned: string;
  readonly doubtful?: Scan;
}

export type Outcome =
  /** `packed`: pieces of the line in the parcel now, this one among them. */
  | { readonly kind: "check"; readonly line: PackLine; readonly packed: number }
  | { readonly kind: "stop"; readonly stop: Stop };

/** Codes of places, people and papers: scanned by mistake, they are no piece of anything. */
const NO_ITEM: ReadonlySet<string> = new Set(["location", "badge", "parcel", "tote", "sscc"]);

/** `today` is an ISO date. One item may stand on several lines: the first that lacks pieces takes it. */
export function readPiece(lines: readonly PackLine[], scan: Scan, today: string): Outcome {
  let answer: Why = NO_ITEM.has(scan.kind) ? "not_an_item" : "not_asked";
  for (const line of lines) {
    const match = matchItem(scan, { ...line, lot: "" }, today);
    if (match === "right" && line.packed < line.qty)
      return { kind: "check", line, packed: line.packed + 1 };
    if (match === "right") answer = "too_many";
    else if (match === "expired" || match === "doubtful" || match === "not_readable")
      answer = match;
  }
  return { kind: "stop", stop: stopOf(answer, scan) };
}

function stopOf(why: Why, scan: Scan): Stop {
  if (why === "doubtful") return { why, scanned: doubtfulValue(scan), doubtful: scan };
  return { why, scanned: scan.text };
}

/** Whether the piece in hand does not belong into the parcel, which a supervisor must know. */
export function isMismatch({ why }: Stop): boolean {
  return why === "not_asked" || why === "too_many" || why === "expired";
}

const LONGEST_REPORT = 400;

/** What the order still lacks: its first `most` lines, with a mark where there are more. */
export function stillExpected(lines: readonly PackLine[], most = lines.length): string {
  const open = lines.filter(line => line.packed < line.qty);
  const named = open.slice(0, most).map(line => `${line.qty - line.packed} × ${line.name}`);
  const more = open.length > most ? ["…"] : [];
  return [...named, ...more].join(", ").slice(0, LONGEST_REPORT);
}

export interface Pieces {
  readonly packed: number;
  readonly qty: number;
}

export function pieces(lines: readonly PackLine[]): Pieces {
  const sum = (of: (line: PackLine) => number) => lines.reduce((n, line) => n + of(line), 0);
  return { packed: sum(line => Math.min(line.packed, line.qty)), qty: sum(line => line.qty) };
}

export function isAllIn(lines: readonly PackLine[]): boolean {
  return lines.length > 0 && lines.every(line => line.packed >= line.qty);
}

/** Grams of the goods alone by the item master; `null` where it does not know them all. */
export function goodsWeight(lines: readonly PackLine[]): number | null {
  if (lines.some(line => line.weight_g <= 0)) return null;
  return lines.reduce((grams, line) => grams + line.weight_g * line.qty, 0);
}

/** A parcel may weigh this much less than its goods by the master: 3 % or 50 g, whichever is more. */
const TOLERANCE = { share: 0.03, grams: 50 };

/** Carton and filler only add weight, so that a parcel lighter than its goods lacks something. */
export function isTooLight(measured: number, goods: number | null): boolean {
  if (goods === null || measured <= 0) return false;
  return measured < goods - Math.max(goods * TOLERANCE.share, TOLERANCE.grams);
}
