/** What a stop's proof must hold before it can be closed. The server judges the record by itself. */
import type { Evidence } from "./record";

export type Outcome = Evidence["outcome"];

export const OUTCOMES: readonly Outcome[] = ["full", "partial", "refused", "failed"];

export type Wish = "must" | "may" | "off";

export interface Policy {
  readonly signature: Wish;
  readonly receiver: Wish;
  readonly photo: Wish;
}

/** `ask`: what the stop's row wants (`signature`, `receiver`, `photo`) of goods handed over. */
export function policyOf(ask: readonly string[], outcome: Outcome, reason: string): Policy {
  const wanted = (what: string): Wish => (ask.includes(what) ? "must" : "may");
  switch (outcome) {
    case "failed":
      // What never left the dock has no door to be photographed.
      return { signature: "off", receiver: "off", photo: reason === "missing" ? "may" : "must" };
    case "refused":
      // Who refuses may well refuse to sign; the photo speaks then.
      return { signature: "may", receiver: "may", photo: "must" };
    default:
      return {
        signature: wanted("signature"),
        receiver: wanted("receiver"),
        photo: reason === "damaged" ? "must" : wanted("photo"),
      };
  }
}

/** The codes of reasons that fit an outcome, the usual one first; words: `driver.reason_<code>`. */
export const REASONS = {
  full: [],
  partial: ["damaged", "missing", "wrong_goods", "changed_mind", "cannot_pay", "other"],
  refused: ["changed_mind", "damaged", "wrong_goods", "late", "cannot_pay", "other"],
  failed: ["nobody_home", "no_access", "wrong_address", "missing", "other"],
} as const satisfies Record<Outcome, readonly string[]>;

export type Reason = (typeof REASONS)[Outcome][number];
