/** Which pallet a packer builds now, and what a scan puts onto it. Pure. */
import type { RowTypes } from "../../kernel/contract";
import type { Scan } from "../../scan/resolve";

export type Pallet = RowTypes["pallet"];

/** The one with something on it, else the first number that is ready. */
export function onPallet(pallets: readonly Pallet[]): Pallet | undefined {
  const byNumber = [...pallets].sort((a, b) => (a.number < b.number ? -1 : 1));
  return byNumber.find(({ parcels }) => parcels.length > 0) ?? byNumber[0];
}

/** The carton's number on a label, as the server knows it; `null`: the scan is of something else. */
export function cartonNumber(scan: Scan): string | null {
  if (scan.kind === "parcel") return scan.text;
  return scan.kind === "sscc" ? (scan.sscc ?? null) : null;
}
