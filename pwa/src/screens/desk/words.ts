import { explain, formatDuration, hasText, t } from "../../i18n";
import type { Value } from "../../i18n/message";
import type { DiscrepancyRow } from "../../kernel/contract";
import type { Tone } from "../../ui";

/** `t` for keys that are made at run time from names of the server. */
const say = t as (key: string, params?: Record<string, Value>) => string;

export type Group =
  | "state"
  | "task"
  | "kind"
  | "run"
  | "stop"
  | "outcome"
  | "role"
  | "why"
  | "what"
  | "verdict"
  | "party"
  | "cure"
  | "rma"
  | "parcel"
  | "pick"
  | "case"
  | "type"
  | "bin";

/** The word for a state or a reason; one that this build does not know is shown as it is. */
export function word(group: Group, value: string): string {
  const key = `events.${group}.${value}`;
  return hasText(key) ? say(key) : value;
}

/** What happened, in a sentence. */
export function eventWords(kind: string, data: Record<string, Value>): string {
  const key = `events.${kind}`;
  return hasText(key) ? say(key, data) : kind;
}

/** What kind of thing happened, where nobody says what it was about. */
export function eventName(kind: string): string {
  const key = hasText(`events.name.${kind}`) ? `events.name.${kind}` : `events.${kind}`;
  return hasText(key) ? plural(say(key)).replace(/\{\w+\}/g, "…") : kind;
}

/** A message that nobody has filled, as it is said of many. */
function plural(message: string): string {
  return message.replace(/\{\w+:(?:[^|}]*\|)*([^|}]*)\}/g, "$1");
}

/** The operation's own label, such as "Pick" for `picking.confirm_pick`. */
export function operationWords(name: string): string {
  const short = name.replace(/^\w+\./, "").replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const key = `ops.${short}`;
  return hasText(key) ? say(key) : name;
}

/** A placeholder with what leads to it. */
const HOLE = /\s*[（(][^（）()]*\{\w+\}[^（）()]*[）)]|[:：]?\s*\{\w+\}/g;

/** What a problem is, in a sentence. What a refusal would name stands among its details. */
export function problemWords(kind: string): string {
  return plural(explain(kind)).replace(HOLE, "");
}

/** Why it came to a problem, by the five causes that the desk tells apart. */
export function causeWords(cause: string): string {
  const key = `exceptions.cause.${cause}`;
  return hasText(key) ? say(key) : cause;
}

/** What has been opened by itself, and what is left to do; empty where the kind says it all. */
export function nextWords({ kind, details }: Pick<DiscrepancyRow, "kind" | "details">): string {
  const text = (name: string) => (typeof details[name] === "string" ? String(details[name]) : "");
  const rma = text("rma");
  if (rma && (kind === "part_delivered" || kind === "delivery_refused")) {
    const reship = text("reship");
    return reship
      ? t("exceptions.followReship", { rma, reship })
      : t("exceptions.followReturn", { rma });
  }
  if (kind !== "delivery_failed" || !text("follow")) return "";
  return t(text("follow") === "redeliver" ? "exceptions.followRedeliver" : "exceptions.followBack");
}

export function ago(at: number, now: number): string {
  return t("desk.ago", { age: formatDuration(Math.max(0, now - at)) });
}

const ORDER_TONES: Readonly<Record<string, Tone>> = {
  picking: "info",
  packing: "info",
  picked: "info",
  packed: "info",
  shipped: "info",
  out_for_delivery: "info",
  delivered: "right",
  closed: "right",
  part_delivered: "warn",
  hold: "warn",
  refused: "wrong",
};

export function orderTone(state: string): Tone {
  return ORDER_TONES[state] ?? "neutral";
}

const TASK_TONES: Readonly<Record<string, Tone>> = { held: "info", done: "right" };

export function taskTone(state: string): Tone {
  return TASK_TONES[state] ?? "neutral";
}
