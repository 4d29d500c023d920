/** The second check of an order: every item scanned and counted, in any order. Pure. */
import type { RowTypes } from "../../kernel/contract";
import type { Scan } from "../../scan/resolve";
import { namesItem } from "../floor/item-scan";

export type CheckLine = RowTypes["check_line"];

export function uncounted(lines: readonly CheckLine[]): CheckLine[] {
  return lines.filter(line => line.counted === null).sort((a, b) => a.no - b.no);
}

/**
 * The line that a scan names, one that is not counted yet before others; undefined where the item
 * is in none of the totes.
 */
export function lineOf(lines: readonly CheckLine[], scan: Scan): CheckLine | undefined {
  const named = lines.filter(line => namesItem(scan, { ...line, lot: "" }));
  return uncounted(named)[0] ?? named[0];
}
