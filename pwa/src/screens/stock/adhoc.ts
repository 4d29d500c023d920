/**
 * Work that nobody has asked for: stock brought to another bin, goods received. One question a
 * step; a label that says more (lot, expiry) answers later questions at once. Pure.
 */
import { readDay } from "../../scan/booking";
import type { Came } from "../floor/piece";
import { placeOf, typedPlace } from "../floor/place-scan";

export type Form = "transfer" | "receive";

export type Step = "from" | "item" | "lot" | "expiry" | "qty" | "to";

const STEPS: Readonly<Record<Form, readonly Step[]>> = {
  transfer: ["from", "item", "qty", "to"],
  receive: ["to", "item", "lot", "expiry", "qty"],
};

/** What is known so far. `lot` and `expiry` may be known to be none: "". */
export interface Said {
  readonly from?: string;
  readonly to?: string;
  readonly code?: string;
  readonly gtin?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly qty?: number;
}

export type Why =
  | "not_a_place"
  | "not_an_item"
  | "doubtful"
  | "expiry_missing"
  | "same_place"
  | "type_it";

export type Outcome =
  | { readonly kind: "said"; readonly said: Said }
  | { readonly kind: "stop"; readonly why: Why; readonly scanned: string };

/** The first question without an answer; none when all is said. */
export function nextStep(form: Form, said: Said): Step | undefined {
  return STEPS[form].find(step => answer(step, said) === undefined);
}

function answer(step: Step, said: Said): unknown {
  if (step === "item") return said.code;
  // Goods without a lot have no expiry that could be kept.
  if (step === "expiry" && said.lot === "") return "";
  return said[step];
}

export function readScan(step: Step, said: Said, came: Came): Outcome {
  if (step === "from" || step === "to") return readPlace(step, said, came);
  if (step === "item") return readItem(said, came);
  if (step === "lot") return readLot(said, came);
  if (step === "expiry") return readExpiry(said, came);
  return stop("type_it", came);
}

function readPlace(step: "from" | "to", said: Said, came: Came): Outcome {
  const place = placeOf(came) ?? typedPlace(came)?.toUpperCase();
  if (place === undefined) return stop("not_a_place", came);
  if (place === said.from || place === said.to) return stop("same_place", came);
  return { kind: "said", said: { ...said, [step]: place } };
}

function readItem(said: Said, came: Came): Outcome {
  const { scan, raw } = came;
  if (scan.unterminated !== undefined) return stop("doubtful", came);
  if (!["gtin", "gs1", "plain"].includes(scan.kind)) return stop("not_an_item", came);
  const { gtin, lot, expiry } = scan;
  return {
    kind: "said",
    said: {
      ...said,
      code: raw,
      ...(gtin !== undefined && { gtin }),
      ...(lot !== undefined && { lot }),
      ...(expiry !== undefined && { expiry }),
    },
  };
}

function readLot(said: Said, came: Came): Outcome {
  const { scan, raw } = came;
  if (scan.unterminated !== undefined) return stop("doubtful", came);
  const expiry = scan.expiry !== undefined && { expiry: scan.expiry };
  return { kind: "said", said: { ...said, lot: scan.lot ?? raw.trim(), ...expiry } };
}

function readExpiry(said: Said, came: Came): Outcome {
  const expiry = came.scan.expiry ?? readDay(came.raw);
  if (expiry === undefined) return stop("expiry_missing", came);
  return { kind: "said", said: { ...said, expiry } };
}

/** Takes the last answer back; the same where none is given. */
export function stepBack(form: Form, said: Said): Said {
  const steps = STEPS[form];
  const now = nextStep(form, said);
  const before = steps[(now === undefined ? steps.length : steps.indexOf(now)) - 1];
  if (before === undefined) return said;
  if (before !== "item") return without(said, [before]);
  return without(said, ["code", "gtin", "lot", "expiry"]);
}

function without(said: Said, names: readonly string[]): Said {
  return Object.fromEntries(Object.entries(said).filter(([name]) => !names.includes(name)));
}

function stop(why: Why, { scan, raw }: Came): Outcome {
  return { kind: "stop", why, scanned: scan.text || raw };
}
