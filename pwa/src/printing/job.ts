/** What has become of a label that was sent to a printer, in words. Pure. */
import { hasText, type Key, t } from "../i18n";
import type { RowTypes } from "../kernel/contract";
import type { Tone } from "../ui";

export type PrintJob = RowTypes["print_job"];

export interface Told {
  readonly tone: Tone;
  readonly words: string;
  /** What to do next, where something is to be done. */
  readonly mend: string;
}

export function toldOf({ state, tried, fault, station_name: name }: PrintJob): Told {
  if (state === "printed")
    return { tone: "right", words: t("printing.printed", { name }), mend: "" };
  if (state === "failed")
    return { tone: "wrong", words: t("printing.failed", { name }), mend: mendOf(fault) };
  if (tried === 0) return { tone: "info", words: t("printing.queued", { name }), mend: "" };
  return { tone: "warn", words: t("printing.again", { name, n: tried + 1 }), mend: mendOf(fault) };
}

/** A fault that this build has no words for still says what to do next. */
function mendOf(fault: string): string {
  const key = `printing.fault_${fault}`;
  return hasText(key) ? (t as (key: Key) => string)(key) : t("printing.faultOther");
}
