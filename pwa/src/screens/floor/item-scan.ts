import type { Scan } from "../../scan/resolve";

/** What a line asks for. `codes` are GTIN-14 or the supplier's own; an empty `lot` asks for none. */
export interface WantedItem {
  readonly sku: string;
  readonly codes: readonly string[];
  readonly lot: string;
  /** Of the codes those of an outer pack, with the pieces in it. */
  readonly packs?: Readonly<Record<string, number>>;
}

export type ItemMatch =
  | "right"
  | "other"
  | "lot_missing"
  | "wrong_lot"
  | "expired"
  /** A lost separator may have joined two values: a person must read the label. */
  | "doubtful"
  | "not_readable";

/** Whether the scan names the item at all, whatever its lot. */
export function namesItem(scan: Scan, { sku, codes }: WantedItem): boolean {
  if (scan.text === sku || codes.includes(scan.text)) return true;
  return scan.gtin !== undefined && codes.includes(scan.gtin);
}

/** How many pieces the scan of this item stands for: one, or those of an outer pack. */
export function piecesOf({ text, gtin }: Scan, { packs = {} }: WantedItem): number {
  return packs[gtin ?? text] ?? packs[text] ?? 1;
}

export interface Packs {
  readonly size: number;
  readonly whole: number;
  readonly single: number;
}

/** So many pieces in the largest packs that fit, and single ones; nothing where none fits. */
export function inPacks(qty: number, { packs = {} }: Pick<WantedItem, "packs">): Packs | undefined {
  const size = Math.max(0, ...Object.values(packs).filter(n => n <= qty));
  return size > 1 ? { size, whole: Math.floor(qty / size), single: qty % size } : undefined;
}

/** `today` is an ISO date on the site's calendar; goods are good on their expiry date itself. */
export function matchItem(scan: Scan, wanted: WantedItem, today: string): ItemMatch {
  if (!namesItem(scan, wanted)) return scan.kind === "refused" ? "not_readable" : "other";
  if (scan.unterminated !== undefined) return "doubtful";
  if (scan.expiry !== undefined && scan.expiry < today) return "expired";
  if (wanted.lot === "" || scan.lot === wanted.lot) return "right";
  return scan.lot === undefined ? "lot_missing" : "wrong_lot";
}

/** The value that may have swallowed others, as the scanner gave it. */
export function doubtfulValue(scan: Scan): string {
  return scan.elements?.find(({ ai }) => ai === scan.unterminated)?.value ?? scan.text;
}

/** The same scan after a person has read the label and found the value right. */
export function readByPerson(scan: Scan): Scan {
  const { unterminated: _, ...sure } = scan;
  return sure;
}

/** An ISO date on this device's calendar. */
export function isoDay(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
