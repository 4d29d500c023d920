/**
 * Goods from bin to bin: source scanned, item scanned, quantity, destination scanned. Pure: a line,
 * how far the worker is with it and a scan give what follows. Another destination than proposed is
 * taken when its label is scanned a second time, or after a tap.
 */
import type { RowTypes } from "../../kernel/contract";
import { doubtfulValue, namesItem, piecesOf } from "../floor/item-scan";
import type { Came } from "../floor/piece";
import { isPlace, placeOf, typedPlace } from "../floor/place-scan";
import { isShelf } from "./places";

export type MoveLine = RowTypes["move_line"];

export type Step = "from" | "item" | "lot" | "quantity" | "to";

/** `moved` of the line when the worker began with it: the rest is brought in this go. */
export interface Position {
  readonly no: number;
  readonly before: number;
  readonly step: Step;
  readonly qty: number;
  readonly code: string;
  /** What the item's code stood for whose lot is asked. */
  readonly pieces?: number;
}

export type Why =
  | "from"
  | "from_first"
  | "item"
  | "wrong_lot"
  | "pack_too_large"
  | "lot_missing"
  | "doubtful"
  | "not_readable"
  | "not_a_place"
  | "other_place";

export interface Stop {
  readonly why: Why;
  readonly scanned: string;
}

export type Outcome =
  | { readonly kind: "onward"; readonly at: Position }
  | { readonly kind: "confirm"; readonly to: string }
  | { readonly kind: "again" }
  | { readonly kind: "stop"; readonly stop: Stop };

export function openLines(lines: readonly MoveLine[]): MoveLine[] {
  return lines.filter(line => line.state === "open").sort((a, b) => a.no - b.no);
}

export function left(line: MoveLine): number {
  return Math.max(0, line.qty - line.moved);
}

/** Who stands at this very place has verified it already. */
export function begin(line: MoveLine, verified: string | null): Position {
  const there = !isShelf(line.from_bin) || line.from_bin === verified;
  return { no: line.no, before: line.moved, step: there ? "item" : "from", qty: 0, code: "" };
}

/** `refused`: the other place that the last scan named; the same again is meant. */
export function readScan(
  line: MoveLine,
  at: Position,
  came: Came,
  refused: string | null = null,
): Outcome {
  if (at.step === "from") return readFrom(line, at, came);
  if (at.step === "to") return readTo(line, came, refused);
  const place = placeOf(came);
  if (isPlace(line.from_bin, came) && !namesItem(came.scan, line)) return { kind: "again" };
  if (place !== undefined) return stop("from", place);
  return at.step === "lot" ? readLot(line, at, came) : readItem(line, at, came);
}

function readFrom(line: MoveLine, at: Position, came: Came): Outcome {
  if (isPlace(line.from_bin, came)) return { kind: "onward", at: { ...at, step: "item" } };
  if (namesItem(came.scan, line)) return stop("from_first", came.raw);
  return stop("from", placeOf(came) ?? typedPlace(came) ?? shown(came));
}

function readItem(line: MoveLine, at: Position, came: Came): Outcome {
  const { scan, raw } = came;
  if (!namesItem(scan, line))
    return stop(scan.kind === "refused" ? "not_readable" : "item", shown(came));
  if (scan.unterminated !== undefined) return stop("doubtful", doubtfulValue(scan));
  if (line.lot && scan.lot !== undefined && scan.lot !== line.lot)
    return stop("wrong_lot", shown(came));
  const pieces = piecesOf(scan, line);
  if (at.qty + pieces > left(line) && pieces > 1) return stop("pack_too_large", shown(came));
  const code = at.code || raw;
  if (line.lot && scan.lot === undefined && at.qty === 0)
    return { kind: "onward", at: { ...at, step: "lot", code, pieces } };
  return counted(line, { ...at, code }, pieces);
}

function readLot(line: MoveLine, at: Position, came: Came): Outcome {
  const { scan, raw } = came;
  if (scan.unterminated !== undefined) return stop("doubtful", doubtfulValue(scan));
  if (scan.lot === line.lot || raw.trim() === line.lot) return counted(line, at, at.pieces ?? 1);
  const isItem = namesItem(scan, line) && scan.lot === undefined;
  return stop(isItem ? "lot_missing" : "wrong_lot", shown(came));
}

/** So many more; with all of them in hand the way to the destination begins. */
function counted(line: MoveLine, { pieces: _, ...at }: Position, more: number): Outcome {
  const qty = Math.min(at.qty + more, left(line));
  return { kind: "onward", at: { ...at, qty, step: qty >= left(line) ? "to" : "quantity" } };
}

export type Amount = { kind: "onward"; at: Position } | { kind: "too_many" } | null;

/** How many are brought in this go, after one verified scan; fewer than asked leaves a rest. */
export function readAmount(line: MoveLine, at: Position, qty: number): Amount {
  if (at.step !== "quantity" || !Number.isInteger(qty) || qty < 1) return null;
  if (qty > left(line)) return { kind: "too_many" };
  return { kind: "onward", at: { ...at, qty, step: "to" } };
}

function readTo(line: MoveLine, came: Came, refused: string | null): Outcome {
  const place = placeOf(came) ?? typedPlace(came);
  if (line.to_bin !== "" && isPlace(line.to_bin, came)) return { kind: "confirm", to: line.to_bin };
  if (place === undefined) return stop("not_a_place", shown(came));
  if (line.to_bin === "") return { kind: "confirm", to: place };
  if (place === refused) return { kind: "confirm", to: place };
  return stop("other_place", place);
}

function shown({ scan, raw }: Came): string {
  return scan.text || raw;
}

function stop(why: Why, scanned: string): Outcome {
  return { kind: "stop", stop: { why, scanned } };
}

/** One step back within the line; nothing is booked before its last step. */
export function stepBack(line: MoveLine, at: Position): Position {
  if (at.step === "to" || at.step === "quantity" || at.step === "lot")
    return { ...at, step: "item", qty: 0, code: "" };
  return begin(line, null);
}
