import { formatNumber, type Key, t } from "../../i18n";
import type { ProofState } from "../../pod/closed";
import type { Outcome, Reason } from "../../pod/policy";
import { handedOver, type Told } from "../../pod/record";
import type { Tone } from "../../ui";
import { leftBehind, type Run, type Stop } from "./flow";

const RUN = {
  planned: "driver.statePlanned",
  loading: "driver.stateLoading",
  departed: "driver.stateDeparted",
  returning: "driver.stateReturning",
  closed: "driver.stateClosed",
} as const satisfies Record<string, Key>;

export function runState(run: Run): string {
  return t(RUN[run.state as keyof typeof RUN] ?? RUN.planned);
}

export const CLOSED = {
  full: "driver.closed_full",
  partial: "driver.closed_partial",
  refused: "driver.closed_refused",
  failed: "driver.closed_failed",
} as const satisfies Record<Outcome, Key>;

export const OUTCOME_TONE = {
  full: "right",
  partial: "warn",
  refused: "wrong",
  failed: "wrong",
} as const satisfies Record<Outcome, Tone>;

export interface Badged {
  readonly tone: Tone;
  readonly word: string;
}

/** A stop's state in a word: what came of it, or what is to be done. */
export function stopState(stop: Stop, departed: boolean): Badged {
  if (stop.state === "closed") {
    const outcome = (stop.outcome ?? "full") as Outcome;
    return { tone: OUTCOME_TONE[outcome], word: t(CLOSED[outcome]) };
  }
  if (stop.state === "arrived") return { tone: "info", word: t("driver.stopArrived") };
  if (departed && leftBehind(stop)) return { tone: "warn", word: t("driver.stopLeftBehind") };
  return { tone: "neutral", word: t("driver.stopPlanned") };
}

export const PROOF_TONE = {
  recorded: "warn",
  sent: "info",
  complete: "right",
  lost: "wrong",
} as const satisfies Record<ProofState, Tone>;

export function reasonWord(reason: string): string {
  return t(`driver.reason_${reason as Reason}`);
}

export function address({ street, postcode, city, country }: Stop): string {
  return [street, `${postcode} ${city}`.trim(), country].filter(Boolean).join(", ");
}

/** As many as the server takes. */
const WORDS_LENGTH = 1_900;

/** What the receiver signs, in the language of the screen: its hash goes into the record. */
export function signedWords(stop: Stop, told: Told): string {
  const taken = stop.lines
    .map(line => ({ name: line.name, kept: handedOver(line, told) }))
    .filter(({ kept }) => kept > 0)
    .map(({ name, kept }) => `${formatNumber(kept)} × ${name}`);
  const number = stop.order_number;
  if (taken.length === 0) return t("driver.signRefusal", { number });
  const goods = [...taken.join("; ")].slice(0, WORDS_LENGTH).join("");
  return t("driver.signWords", { number, goods });
}
