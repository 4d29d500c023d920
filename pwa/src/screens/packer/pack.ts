/** The bench: each piece is scanned against the order. Pure: lines and a scan give what follows. */
import { insideOf, isApart, type Line, missing, wanted } from "../../packing/bench-plan";
import type { Scan } from "../../scan/resolve";
import { doubtfulValue, type ItemMatch, matchItem, piecesOf } from "../floor/item-scan";

export type PackLine = Line;

export type Why =
  | "not_asked"
  | "too_many"
  | "not_an_item"
  /** Right, but it may not travel with what is in the carton. */
  | "apart"
  | Extract<ItemMatch, "expired" | "doubtful" | "not_readable">;

export interface Stop {
  readonly why: Why;
  readonly scanned: string;
  readonly doubtful?: Scan;
}

export type Outcome =
  /** `packed`: pieces of the line in this carton now, this one among them. */
  | { readonly kind: "check"; readonly line: PackLine; readonly packed: number }
  | { readonly kind: "stop"; readonly stop: Stop };

/** Codes of places, people and papers: scanned by mistake, they are no piece of anything. */
const NO_ITEM: ReadonlySet<string> = new Set(["location", "badge", "parcel", "tote", "sscc"]);

export interface Into {
  /** The number of the carton in front of the packer. */
  readonly parcel: string;
  /** The packer does not know how many there should be: too many are counted as well. */
  readonly blind: boolean;
}

/** `today` is an ISO date. One item may stand on several lines: the first that lacks pieces takes it. */
export function readPiece(
  lines: readonly PackLine[],
  scan: Scan,
  today: string,
  { parcel, blind }: Into,
): Outcome {
  let answer: Why = NO_ITEM.has(scan.kind) ? "not_an_item" : "not_asked";
  let full: PackLine | undefined;
  for (const line of lines) {
    const wantedItem = { ...line, lot: "" };
    const match = matchItem(scan, wantedItem, today);
    if (match === "right" && missing(line) >= piecesOf(scan, wantedItem))
      return into(line, lines, parcel, scan);
    if (match === "right") [answer, full] = ["too_many", line];
    else if (match === "expired" || match === "doubtful" || match === "not_readable")
      answer = match;
  }
  if (blind && full && answer === "too_many") return into(full, lines, parcel, scan);
  return { kind: "stop", stop: stopOf(answer, scan) };
}

function into(line: PackLine, lines: readonly PackLine[], parcel: string, scan: Scan): Outcome {
  if (isApart(line, lines, parcel)) return { kind: "stop", stop: stopOf("apart", scan) };
  return {
    kind: "check",
    line,
    packed: insideOf(line, parcel) + piecesOf(scan, { ...line, lot: "" }),
  };
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
  const open = lines.filter(line => missing(line) > 0);
  const named = open.slice(0, most).map(line => `${missing(line)} × ${line.name}`);
  const more = open.length > most ? ["…"] : [];
  return [...named, ...more].join(", ").slice(0, LONGEST_REPORT);
}

export interface Pieces {
  readonly packed: number;
  readonly qty: number;
}

export function pieces(lines: readonly PackLine[]): Pieces {
  const sum = (of: (line: PackLine) => number) => lines.reduce((n, line) => n + of(line), 0);
  return { packed: sum(line => Math.min(line.packed, wanted(line))), qty: sum(wanted) };
}

export function isAllIn(lines: readonly PackLine[]): boolean {
  return lines.length > 0 && lines.every(line => line.packed === wanted(line));
}
