import { resolve } from "./resolve";

/**
 * Whether a code is surely whole, so that a pause may end it: only a GTIN or an SSCC with its right
 * check digit is. Every beginning of a bin, a lot or a serial number looks like a whole one.
 */
export function isWhole(raw: string, year = new Date().getFullYear()): boolean {
  const { kind, error } = resolve(raw, { year });
  return error === undefined && (kind === "gtin" || kind === "sscc");
}
