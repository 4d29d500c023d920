/**
 * A blind count of one bin: location scanned, then each item scanned and its pieces typed, in any
 * order. What the books have is never shown. Pure.
 */
import type { RowTypes } from "../../kernel/contract";
import { namesItem } from "../floor/item-scan";
import type { Came } from "../floor/piece";
import { isPlace, placeOf, typedPlace } from "../floor/place-scan";

export type CountLine = RowTypes["count_line"];

/** What is being counted: a line of the task, or something that was found besides. */
export interface Counting {
  readonly no: number;
  readonly sku: string;
  readonly name: string;
  readonly lot: string;
  readonly code: string;
}

export type Step = "where" | "what" | "quantity";

export type Outcome =
  | { readonly kind: "there" }
  | { readonly kind: "count"; readonly what: Counting }
  | {
      readonly kind: "stop";
      readonly why: Why;
      readonly scanned: string;
      readonly besides?: Counting;
    };

export type Why =
  | "location"
  | "location_first"
  | "not_listed"
  | "counted"
  | "not_readable"
  | "doubtful";

export function openLines(lines: readonly CountLine[]): CountLine[] {
  return lines.filter(line => line.state === "open").sort((a, b) => a.no - b.no);
}

export function readWhere(bin: string, came: Came): Outcome {
  if (isPlace(bin, came)) return { kind: "there" };
  const place = placeOf(came) ?? typedPlace(came);
  const scanned = place ?? came.scan.text ?? came.raw;
  return { kind: "stop", why: place === undefined ? "location_first" : "location", scanned };
}

/** The item that a scan names, its lot among several of them; else something found besides. */
export function readWhat(lines: readonly CountLine[], bin: string, came: Came): Outcome {
  const { scan, raw } = came;
  const shown = scan.text || raw;
  if (isPlace(bin, came) && !lines.some(line => namesItem(scan, line))) return { kind: "there" };
  const place = placeOf(came);
  if (place !== undefined) return { kind: "stop", why: "location", scanned: place };
  if (scan.kind === "refused") return { kind: "stop", why: "not_readable", scanned: shown };
  if (scan.unterminated !== undefined) return { kind: "stop", why: "doubtful", scanned: shown };
  const named = lines.filter(line => namesItem(scan, line));
  const ofLot = named.filter(line => scan.lot === undefined || line.lot === scan.lot);
  const open = openLines(ofLot)[0];
  if (open) return { kind: "count", what: counting(open, raw) };
  if (ofLot.length > 0) return { kind: "stop", why: "counted", scanned: shown };
  return { kind: "stop", why: "not_listed", scanned: shown, besides: found(lines, named[0], came) };
}

export function counting(line: CountLine, code = ""): Counting {
  return { no: line.no, sku: line.sku, name: line.name, lot: line.lot, code };
}

/** It gets the next number of the task; the server names the item where this device cannot. */
function found(lines: readonly CountLine[], known: CountLine | undefined, came: Came): Counting {
  const no = Math.max(0, ...lines.map(line => line.no)) + 1;
  const { scan, raw } = came;
  const lot = scan.lot ?? "";
  return { no, sku: known?.sku ?? "", name: known?.name ?? (scan.text || raw), lot, code: raw };
}
