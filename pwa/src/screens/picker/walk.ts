/**
 * The walk of one picking task: location scanned, item scanned, quantity counted, next line.
 * Pure: a line, where the picker stands with it and a scan give what follows.
 */
import type { RowTypes } from "../../kernel/contract";
import type { Scan } from "../../scan/resolve";
import { doubtfulValue, type ItemMatch, matchItem, namesItem } from "../floor/item-scan";

export type Line = RowTypes["line"];

export type Step = "where" | "what" | "lot" | "quantity";

/** How far the picker is with one line. `code`: the item's code as first scanned. */
export interface Position {
  readonly no: number;
  readonly step: Step;
  readonly counted: number;
  readonly code: string;
}

export type Why = "location" | "location_first" | Exclude<ItemMatch, "right" | "other"> | "item";

/** A scan that did not match, and what it was; `sure` scans may be taken after a look at the label. */
export interface Stop {
  readonly why: Why;
  readonly scanned: string;
  readonly doubtful?: Scan;
}

export type Outcome =
  | { readonly kind: "onward"; readonly at: Position }
  | { readonly kind: "confirm"; readonly qty: number; readonly code: string }
  /** The label of the place once more: harmless. */
  | { readonly kind: "again" }
  | { readonly kind: "stop"; readonly stop: Stop };

/** What came: the scan, its text before any reading, and whether a person typed it. */
export interface Came {
  readonly scan: Scan;
  readonly raw: string;
  readonly typed: boolean;
  /** ISO date. */
  readonly today: string;
}

/** Open lines in walking order; those skipped come again at the end, in the order of skipping. */
export function remaining(lines: readonly Line[], skipped: readonly number[]): Line[] {
  const open = lines.filter(line => line.state === "open");
  const turn = (line: Line) => skipped.lastIndexOf(line.no);
  return open.sort((a, b) => turn(a) - turn(b) || a.no - b.no);
}

/** A picker who has just verified this very place does not scan it again. */
export function begin(line: Line, verifiedBin: string | null): Position {
  const step = line.bin === verifiedBin ? "what" : "where";
  return { no: line.no, step, counted: 0, code: "" };
}

export function readScan(line: Line, at: Position, came: Came): Outcome {
  if (at.step === "where") return readLocation(line, at, came);
  if (isPlace(line, came)) return { kind: "again" };
  return at.step === "lot" ? readLot(line, at, came) : readItem(line, at, came);
}

function isPlace(line: Line, { scan, raw, typed }: Came): boolean {
  if (scan.kind === "location") return scan.code === line.bin;
  return typed && raw.trim().toUpperCase() === line.bin.toUpperCase();
}

function readLocation(line: Line, at: Position, came: Came): Outcome {
  if (isPlace(line, came)) return { kind: "onward", at: { ...at, step: "what" } };
  return stop(namesItem(came.scan, line) ? "location_first" : "location", came);
}

function readItem(line: Line, at: Position, came: Came): Outcome {
  const match = matchItem(came.scan, line, came.today);
  // The lot of the first piece was read from its package; the others of it may carry no lot code.
  if (match === "lot_missing" && at.step === "what")
    return { kind: "onward", at: { ...at, step: "lot", code: came.raw } };
  if (match !== "right" && match !== "lot_missing")
    return stop(match === "other" ? "item" : match, came);
  return count(line, { ...at, code: at.code || came.raw });
}

/** The lot from a code of its own, or as a person types it off the package. */
function readLot(line: Line, at: Position, came: Came): Outcome {
  const { scan } = came;
  if (scan.unterminated !== undefined) return stop("doubtful", came);
  const named = scan.lot === line.lot && (scan.gtin === undefined || namesItem(scan, line));
  if (named || came.raw.trim() === line.lot) return count(line, at);
  return stop(namesItem(scan, line) && scan.lot === undefined ? "lot_missing" : "wrong_lot", came);
}

function count(line: Line, at: Position): Outcome {
  const counted = at.counted + 1;
  if (counted >= line.qty) return { kind: "confirm", qty: line.qty, code: at.code };
  return { kind: "onward", at: { ...at, step: "quantity", counted } };
}

function stop(why: Why, { scan, raw }: Came): Outcome {
  const scanned = why === "doubtful" ? doubtfulValue(scan) : shownScan(scan, raw);
  return {
    kind: "stop",
    stop: { why, scanned, ...(why === "doubtful" && { doubtful: scan }) },
  };
}

function shownScan(scan: Scan, raw: string): string {
  return scan.text || raw;
}

export type Amount =
  | { readonly kind: "confirm"; readonly qty: number; readonly code: string }
  | { readonly kind: "too_many" }
  | { readonly kind: "fewer"; readonly found: number };

/** A quantity from the keypad, after one verified scan. More than asked is refused. */
export function readAmount(line: Line, at: Position, qty: number): Amount | null {
  if (at.step !== "quantity" || !Number.isInteger(qty) || qty < 0) return null;
  if (qty > line.qty) return { kind: "too_many" };
  if (qty < line.qty) return { kind: "fewer", found: qty };
  return { kind: "confirm", qty, code: at.code };
}

/** One step back within the line; nothing is booked before its last step. */
export function stepBack(line: Line, at: Position): Position {
  if (at.counted > 1) return { ...at, counted: at.counted - 1 };
  if (at.step === "quantity" || at.step === "lot")
    return { no: line.no, step: "what", counted: 0, code: "" };
  return { no: line.no, step: "where", counted: 0, code: "" };
}
