/**
 * One piece of an item that may ask for its lot, expiry or serial number: what its labels have said
 * so far, and what is still to be read. Pure.
 */
import {
  type Asked,
  checkBooking,
  type LotChange,
  readDay,
  type Tracked,
  type Verdict,
} from "../../scan/booking";
import type { Scan } from "../../scan/resolve";
import { namesItem, piecesOf, type WantedItem } from "./item-scan";

export interface WantedGoods extends WantedItem {
  /** ISO date of the lot that is asked for, or nothing. */
  readonly expiry: string;
  readonly tracks: readonly string[];
}

export interface Piece {
  /** The item's code as scanned. */
  readonly code: string;
  /** How many pieces the code stands for: more than one for an outer pack. */
  readonly pieces?: number;
  readonly lot?: string;
  readonly expiry?: string;
  readonly serial?: string;
}

/** What earlier pieces of the line have said: their lot need not be read again. */
export interface Before {
  readonly lot?: string;
  readonly expiry?: string;
  readonly serials?: readonly string[];
}

/** What came: the scan, its text before any reading, and whether a person typed it. */
export interface Came {
  readonly scan: Scan;
  readonly raw: string;
  readonly typed: boolean;
  /** ISO date. */
  readonly today: string;
  readonly lotChange?: LotChange;
}

export type PieceStop =
  | Exclude<Verdict, "book">
  | "item"
  /** A lost separator may have joined two values: a person must read the label. */
  | "doubtful"
  | "not_readable";

export type Reading =
  | { readonly kind: "book"; readonly piece: Piece }
  | { readonly kind: "ask"; readonly what: Tracked; readonly piece: Piece }
  | { readonly kind: "stop"; readonly why: PieceStop; readonly piece?: Piece };

/** The item's own code, alone or with what else stands on the label. */
export function readPiece(wanted: WantedGoods, before: Before, came: Came): Reading {
  const { scan, raw } = came;
  if (!namesItem(scan, wanted))
    return { kind: "stop", why: scan.kind === "refused" ? "not_readable" : "item" };
  if (scan.unterminated !== undefined) return { kind: "stop", why: "doubtful" };
  const pieces = piecesOf(scan, wanted);
  const piece = { code: raw, ...(pieces > 1 && { pieces }) };
  return judge(wanted, before, said(piece, scan), came);
}

/** A code of its own for the lot, expiry or number that was asked for, or as a person types it. */
export function readAsked(
  wanted: WantedGoods,
  before: Before,
  piece: Piece,
  what: Tracked,
  came: Came,
): Reading {
  const { scan, raw } = came;
  if (scan.unterminated !== undefined) return { kind: "stop", why: "doubtful" };
  const isItem = namesItem(scan, wanted);
  if (scan.gtin !== undefined && !isItem) return { kind: "stop", why: "item" };
  const whole = said(piece, scan);
  if (whole[what] === undefined && isItem) return { kind: "stop", why: `${what}_missing` };
  const typed = what === "expiry" ? readDay(raw) : raw.trim();
  const value = scan[what] ?? typed;
  if (!value) return { kind: "stop", why: `${what}_missing` };
  return judge(wanted, before, { ...whole, [what]: value }, came);
}

/** The worker takes the lot that was offered in the place of the one asked for. */
export function takeOffered(
  wanted: WantedGoods,
  before: Before,
  piece: Piece,
  today: string,
): Reading {
  const asked = { lot: piece.lot ?? "", expiry: piece.expiry ?? "", tracks: wanted.tracks };
  return outcome(checkBooking(asked, { ...piece, serials: before.serials ?? [] }, today), piece);
}

function judge(wanted: WantedGoods, before: Before, piece: Piece, came: Came): Reading {
  // The lot of the first piece was read from its package; the others of it may carry no lot code.
  const full = { ...known(before), ...piece };
  const verdict = checkBooking(
    asked(wanted, before, came),
    { ...full, serials: before.serials ?? [] },
    came.today,
  );
  return outcome(verdict, full);
}

/** Once a lot was taken, the line's other pieces are of that lot. */
function asked(wanted: WantedGoods, before: Before, { lotChange = "never" }: Came): Asked {
  const { tracks } = wanted;
  if (before.lot !== undefined && before.lot !== wanted.lot)
    return { lot: before.lot, expiry: before.expiry ?? "", tracks };
  return {
    lot: wanted.lot,
    expiry: wanted.expiry,
    tracks,
    lot_change: before.lot ? "never" : lotChange,
  };
}

function outcome(verdict: Verdict, piece: Piece): Reading {
  if (verdict === "book") return { kind: "book", piece };
  if (verdict === "lot_missing") return { kind: "ask", what: "lot", piece };
  if (verdict === "expiry_missing") return { kind: "ask", what: "expiry", piece };
  if (verdict === "serial_missing") return { kind: "ask", what: "serial", piece };
  return { kind: "stop", why: verdict, piece };
}

function known({ lot, expiry }: Before): Partial<Piece> {
  return { ...(lot !== undefined && { lot }), ...(expiry !== undefined && { expiry }) };
}

function said(piece: Piece, scan: Scan): Piece {
  return {
    ...piece,
    ...(scan.lot !== undefined && { lot: scan.lot }),
    ...(scan.expiry !== undefined && { expiry: scan.expiry }),
    ...(scan.serial !== undefined && { serial: scan.serial }),
  };
}
