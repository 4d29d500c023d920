/**
 * What bench scales send, one line a reading. Pure.
 *
 *     ST,GS,+  1.234kg      status, gross or net, weight (A&D, CAS, Ohaus and their like)
 *     US,NT,-  0.010 kg     not at rest
 *     S S      1.234 kg     MT-SICS, at rest; `S D` is not
 *     +  1234 g             the weight alone
 *     OL,GS,+ 99.999kg      overloaded
 */
export interface Reading {
  readonly grams: number;
  /** The scale is at rest. */
  readonly stable: boolean;
}

const GRAMS: Readonly<Record<string, number>> = {
  g: 1,
  kg: 1_000,
  t: 1_000_000,
  lb: 453.59237,
  oz: 28.349523125,
};
const WEIGHT = /([+-]?)\s*([0-9]{1,7}(?:[.,][0-9]{1,6})?)\s*(kg|g|lb|oz|t)\b/i;
const MOVING = /^(US|SD|S\s+D)\b/i;
const NOTHING = /^(OL|UL|OVER|UNDER|S\s+[I+-](\s|$)|E[LRS]\b)/i;

/** `null`: the line says no weight, or that the scale has none. */
export function readScale(line: string): Reading | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: STX and ETX frame a line.
  const text = line.replace(/[\x00-\x1f\x7f]/g, "").trim();
  if (NOTHING.test(text)) return null;
  const found = WEIGHT.exec(text);
  if (!found) return null;
  const [, sign, digits = "", unit = "g"] = found;
  const value = Number(digits.replace(",", "."));
  const grams = Math.round(value * (GRAMS[unit.toLowerCase()] ?? 1));
  return { grams: sign === "-" ? -grams : grams, stable: !MOVING.test(text) };
}

/** Splits what comes in pieces into lines; what follows the last line end waits for the rest. */
export class Lines {
  private rest = "";

  take(text: string): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ETX ends a line, too.
    const parts = (this.rest + text).split(/[\r\n\x03]+/);
    // A scale that never ends a line must not fill the memory.
    this.rest = (parts.pop() ?? "").slice(-200);
    return parts.filter(part => part.trim() !== "");
  }
}
