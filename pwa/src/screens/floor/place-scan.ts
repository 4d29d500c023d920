/** Which place a scan, or what a person typed or said, names. Pure. */
import { checkDigits, isCheckDigits } from "../../scan/check-digits";
import type { Came } from "./piece";

/** Whether it names this very bin: its label, its code, or the check digits on the label. */
export function isPlace(bin: string, came: Came): boolean {
  const named = placeOf(came) ?? typedPlace(came);
  if (named?.toUpperCase() === bin.toUpperCase()) return true;
  const { raw, typed } = came;
  return typed && isCheckDigits(raw) && raw.trim() === checkDigits(bin);
}

/** The place that a label names: ours, or GS1's, where AI 254 is the place within a GLN (AI 414). */
export function placeOf({ scan }: Came): string | undefined {
  if (scan.kind === "location") return scan.code;
  const isPlaceLabel = scan.elements?.some(({ ai }) => ai === "414");
  return isPlaceLabel ? scan.elements?.find(({ ai }) => ai === "254")?.value : undefined;
}

/**
 * A place as a person types it off its label. Check digits name no place: they prove one that is
 * known already.
 */
export function typedPlace({ raw, typed }: Came): string | undefined {
  const text = raw.trim();
  const isCode = /^[A-Za-z0-9:._/-]{1,64}$/.test(text) && !isCheckDigits(text);
  return typed && isCode ? text : undefined;
}
