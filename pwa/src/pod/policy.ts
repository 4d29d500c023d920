/**
 * What a stop's proof must hold before it can be closed: the stop's clauses with outcome and reason
 * filled in. The server reads them alike (`tests/vectors/policy.json`) and judges the record itself.
 */
import type { Evidence, Stop } from "./shapes";

export type Outcome = Evidence["outcome"];

export const OUTCOMES: readonly Outcome[] = ["full", "partial", "refused", "failed"];

export const METHODS = [
  "signature",
  "receiver",
  "photo",
  "pin",
  "slip",
  "inspection",
  "stages",
] as const;

export type Method = (typeof METHODS)[number];

/** `one_of`: of all methods that say so, one is enough. */
export type Wish = "mandatory" | "one_of" | "optional" | "off";

export type Policy = Readonly<Record<Method, Wish>>;

export type Missing = Method | "one_of";

export type Clause = Stop["policy"]["clauses"][number];

/** Of all clauses that fit, the last one that names a method decides it. */
export function asked(
  clauses: readonly Clause[],
  outcome: Outcome,
  reasons: readonly string[],
): Policy {
  const fit = clauses.filter(
    clause =>
      (clause.outcomes.length === 0 || clause.outcomes.includes(outcome)) &&
      (clause.reasons.length === 0 || clause.reasons.some(reason => reasons.includes(reason))),
  );
  const wish = (method: Method): Wish => fit.findLast(c => method in c.ask)?.ask[method] ?? "off";
  return Object.fromEntries(METHODS.map(method => [method, wish(method)])) as Policy;
}

/** The mandatory methods that are not among those `done`; `one_of` where none of that kind is. */
export function lacking(policy: Policy, done: readonly Method[]): readonly Missing[] {
  const missing = METHODS.filter(m => policy[m] === "mandatory" && !done.includes(m));
  const either = METHODS.filter(m => policy[m] === "one_of");
  const none = either.length > 0 && !either.some(m => done.includes(m));
  return none ? [...missing, "one_of"] : missing;
}

/** Why a method that must be may be left out; it is recorded, and shows in the server's verdicts. */
export const RELAXED = {
  signature: ["would_not_sign", "no_pen", "other"],
  receiver: ["would_not_say", "other"],
  photo: ["no_camera", "no_space", "not_allowed"],
  pin: ["pin_not_issued", "pin_unknown"],
  slip: ["no_camera", "no_slip", "no_space"],
  inspection: ["no_time", "other"],
  stages: ["no_time", "other"],
  one_of: ["no_camera", "would_not_sign", "other"],
} as const satisfies Record<Missing, readonly string[]>;

export type RelaxReason = (typeof RELAXED)[Missing][number];

/** The codes of reasons that fit an outcome, the usual one first; words: `driver.reason_<code>`. */
export const REASONS = {
  full: [],
  partial: ["damaged", "missing", "wrong_goods", "changed_mind", "cannot_pay", "other"],
  refused: ["changed_mind", "damaged", "wrong_goods", "late", "cannot_pay", "other"],
  failed: ["nobody_home", "no_access", "wrong_address", "missing", "other"],
} as const satisfies Record<Outcome, readonly string[]>;

export type Reason = (typeof REASONS)[Outcome][number];
