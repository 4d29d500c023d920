/**
 * The walk of one picking task: location scanned, item scanned, quantity counted, next line.
 * Pure: a line, where the picker stands with it and a scan give what follows.
 */
import type { RowTypes } from "../../kernel/contract";
import type { Tracked } from "../../scan/booking";
import type { Scan } from "../../scan/resolve";
import { doubtfulValue, namesItem } from "../floor/item-scan";
import {
  type Before,
  type Came,
  type Piece,
  type PieceStop,
  type Reading,
  readAsked,
  readPiece,
  takeOffered,
} from "../floor/piece";
import { isPlace } from "../floor/place-scan";

export type { Came } from "../floor/piece";

export type Line = RowTypes["line"];

export type Step = "where" | "what" | Tracked | "quantity";

/**
 * How far the picker is with one line. `code`: the item's code as first scanned; with it the lot,
 * expiry and numbers of what was counted. `piece`: the one whose lot, expiry or number is asked.
 */
export interface Position extends Before {
  readonly no: number;
  readonly step: Step;
  readonly counted: number;
  readonly code: string;
  readonly piece?: Piece;
}

export type Why = "location" | "location_first" | "lot_held" | "pack_too_large" | PieceStop;

/** A scan that did not match, and what it was; `sure` scans may be taken after a look at the label. */
export interface Stop {
  readonly why: Why;
  readonly scanned: string;
  readonly doubtful?: Scan;
  /** Of another lot, which may be taken instead. */
  readonly offered?: Piece;
}

/** What the line's fact says. */
export interface Confirmed {
  readonly kind: "confirm";
  readonly qty: number;
  readonly code: string;
  readonly lot?: string;
  readonly serials?: readonly string[];
}

export type Outcome =
  | { readonly kind: "onward"; readonly at: Position }
  | Confirmed
  /** The label of the place once more: harmless. */
  | { readonly kind: "again" }
  | { readonly kind: "stop"; readonly stop: Stop };

/** Open lines in walking order, what waits for goods last; not those whose order is on hold. */
export function remaining(lines: readonly Line[]): Line[] {
  const open = lines.filter(line => line.state === "open" && !line.stopped);
  return open.sort((a, b) => Number(a.waits) - Number(b.waits) || a.seq - b.seq || a.no - b.no);
}

/** A place that was scanned is finished first, wherever a walk planned anew would begin. */
export function aheadFrom(lines: readonly Line[], at: Position | null): Line[] {
  const all = remaining(lines);
  const begun = at && at.step !== "where" ? all.find(({ no }) => no === at.no) : undefined;
  return begun ? [begun, ...all.filter(line => line !== begun)] : all;
}

/** A picker who has just verified this very place does not scan it again. */
export function begin(line: Line, verifiedBin: string | null): Position {
  const step = line.bin === verifiedBin ? "what" : "where";
  return { no: line.no, step, counted: 0, code: "" };
}

export function readScan(line: Line, at: Position, came: Came): Outcome {
  if (at.step === "where") return readLocation(line, at, came);
  if (isPlace(line.bin, came) && !namesItem(came.scan, line)) return { kind: "again" };
  const { step, piece } = at;
  if (piece && (step === "lot" || step === "expiry" || step === "serial"))
    return follow(line, at, readAsked(line, at, piece, step, came), came);
  return follow(line, at, readPiece(line, at, came), came);
}

/** The picker takes the lot that was offered. */
export function acceptLot(line: Line, at: Position, { offered }: Stop, came: Came): Outcome {
  if (!offered) return { kind: "again" };
  return follow(line, at, takeOffered(line, at, offered, came.today), came);
}

function readLocation(line: Line, at: Position, came: Came): Outcome {
  if (isPlace(line.bin, came)) return { kind: "onward", at: { ...at, step: "what" } };
  return stop(namesItem(came.scan, line) ? "location_first" : "location", came);
}

function follow(line: Line, at: Position, reading: Reading, came: Came): Outcome {
  if (reading.kind === "stop") return stop(reading.why, came, reading.piece);
  const { piece } = reading;
  if (line.held && piece.lot === line.lot) return stop("lot_held", came);
  if (reading.kind === "ask") return { kind: "onward", at: { ...at, step: reading.what, piece } };
  // Pieces with a number of their own are scanned one by one, whatever they come in.
  const pieces = line.tracks.includes("serial") ? 1 : (piece.pieces ?? 1);
  if (at.counted + pieces > line.qty) return stop("pack_too_large", came);
  return count(line, at, piece, pieces);
}

function count(line: Line, { piece: _, ...at }: Position, piece: Piece, pieces: number): Outcome {
  const counted = at.counted + pieces;
  const { code, serial, pieces: __, ...label } = piece;
  const numbered = serial !== undefined && line.tracks.includes("serial");
  const serials = numbered ? [...(at.serials ?? []), serial] : at.serials;
  const next = { ...at, ...label, ...(serials && { serials }), code: at.code || code, counted };
  if (counted >= line.qty) return confirmed(line, next, line.qty);
  return { kind: "onward", at: { ...next, step: "quantity" } };
}

/** A lot on the label of goods that are not kept by lot is nobody's business. */
function confirmed(line: Line, { code, lot, serials }: Position, qty: number): Confirmed {
  const other = lot && lot !== line.lot && (line.lot || line.tracks.includes("lot")) && { lot };
  return { kind: "confirm", qty, code, ...other, ...(serials && { serials }) };
}

/** Lot and numbers of what was counted so far, for whoever reports that there is no more. */
export function inHand(line: Line, at: Position): { lot: string; serials: readonly string[] } {
  const { lot = line.lot, serials = [] } = confirmed(line, at, at.counted);
  return { lot, serials };
}

function stop(why: Why, { scan, raw }: Came, piece?: Piece): Outcome {
  const scanned = why === "doubtful" ? doubtfulValue(scan) : shownScan(scan, raw);
  const doubtful = why === "doubtful" && { doubtful: scan };
  const offered = why === "change_lot" && piece && { offered: piece };
  return { kind: "stop", stop: { why, scanned, ...doubtful, ...offered } };
}

function shownScan(scan: Scan, raw: string): string {
  return scan.text || raw;
}

export type Amount =
  | Confirmed
  | { readonly kind: "too_many" }
  | { readonly kind: "fewer"; readonly found: number };

/** A quantity from the keypad, after one verified scan. More than asked is refused; pieces with a
 * number of their own are scanned one by one. */
export function readAmount(line: Line, at: Position, qty: number): Amount | null {
  if (at.step !== "quantity" || !Number.isInteger(qty) || qty < 0) return null;
  if (qty > line.qty) return { kind: "too_many" };
  if (qty < line.qty) return { kind: "fewer", found: qty };
  if (line.tracks.includes("serial") && at.counted < qty) return null;
  return confirmed(line, at, qty);
}

/** One step back within the line; nothing is booked before its last step. */
export function stepBack(line: Line, at: Position): Position {
  const { piece, ...rest } = at;
  if (piece && at.counted > 0) return { ...rest, step: "quantity" };
  if (at.counted > 1) return oneLess(rest);
  if (at.step !== "where" && at.step !== "what")
    return { no: line.no, step: "what", counted: 0, code: "" };
  return { no: line.no, step: "where", counted: 0, code: "" };
}

function oneLess({ serials, ...at }: Position): Position {
  const left = serials && { serials: serials.slice(0, -1) };
  return { ...at, ...left, counted: at.counted - 1 };
}
