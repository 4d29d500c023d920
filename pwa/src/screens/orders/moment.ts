/** One moment of an order's story in words. */
import { explain, formatDate, hasText, t } from "../../i18n";
import type { Value } from "../../i18n/message";
import { isRecord } from "../../kernel/http";
import type { Tone } from "../../ui";
import { plain } from "../desk/ask";
import { causeWords, eventWords, operationWords, word } from "../desk/words";
import { paperWord } from "../papers/words";
import { addressLine } from "./address-text";
import { money } from "./money";
import type { Moment } from "./story-types";

/** What happened, in a sentence. */
export function sentence({ kind, data }: Pick<Moment, "kind" | "data">): string {
  return eventWords(kind, { ...plain(data), ...spoken(kind, data) });
}

/** Names of the server inside an event, as words. */
function spoken(kind: string, data: Record<string, unknown>): Record<string, Value> {
  const text = (name: string) => String(data[name] ?? "");
  switch (kind) {
    case "orders.moved":
      return { before: word("state", text("before")), after: word("state", text("after")) };
    case "orders.promised":
      return {
        date: typeof data.due_at === "number" ? formatDate(data.due_at) : "–",
        place: text("place") || t("service.anywhere"),
      };
    case "packing.carton_opened":
      return { carton: text("carton") || "–" };
    case "picking.line_short":
    case "packing.flaw_found":
      return { why: word("why", text("reason")) };
    case "pod.stop_closed":
      return { outcome: word("outcome", text("outcome")) };
    case "returns.opened":
      return { why: word("why", text("reason")), who: word("party", text("party")) };
    case "pod.carrier_reported":
      return { state: among("carriers.told", text("state")) };
    case "pod.load_differs":
      return { what: word("what", text("what")), reason: among("loading.reason", text("reason")) };
    case "pod.departed":
      return { vehicle: text("vehicle") || "–" };
    case "pod.paper_issued":
    case "pod.paper_attached":
    case "pod.paper_waived":
    case "pod.paper_withdrawn":
      return { what: paperWord(text("what")), number: text("number") || "–" };
    case "packing.check_failed":
      return { expected: text("expected") || "–" };
    case "exceptions.case_settled":
      return { cause: causeWords(text("cause")) };
    case "notices.sent":
    case "notices.not_sent":
    case "notices.asked_again":
      return {
        what: among("notices.what", text("what")),
        channel: among("notices.channel", text("channel")),
        why: among("notices.why", text("why")),
      };
    case "notices.answered":
      return {
        what: among("notices.what", text("what")),
        said: t(data.accepted ? "notices.acknowledged" : "notices.turnedDown"),
      };
    case "survey.answered":
      return {
        onTime: t(data.on_time ? "survey.onTime" : "survey.wasLate"),
        complete: t(data.complete ? "survey.complete" : "survey.wasIncomplete"),
      };
    case "set_aside":
      return { operation: operationWords(text("operation")), why: explain(text("code")) };
    case "store.operation_set_aside":
      return { why: explain(text("code")) };
    default:
      return {};
  }
}

type Area = "loading.reason" | "carriers.told" | "notices.what" | "notices.channel" | "notices.why";

/** The words of the dock, the carriers' desk and notices; a code of another build is shown as it is. */
function among(area: Area, code: string): string {
  const key = `${area}_${code}`;
  return hasText(key) ? (t as (key: string) => string)(key) : code;
}

const TONES: Readonly<Record<string, Tone>> = {
  "picking.line_short": "warn",
  "packing.check_failed": "warn",
  "packing.flaw_found": "warn",
  "orders.cancelled": "wrong",
  "orders.address_changed": "warn",
  "orders.cancels_often": "warn",
  "orders.note_added": "info",
  "returns.opened": "warn",
  "returns.received": "right",
  "returns.reshipped": "info",
  "notices.not_sent": "warn",
  "pod.receiver_signed": "right",
  "pod.paper_waived": "warn",
  "pod.paper_withdrawn": "warn",
  "orders.cancellation_received": "warn",
  "picking.order_picked": "right",
  "packing.parcel_packed": "right",
  "exceptions.case_escalated": "warn",
  "exceptions.case_settled": "right",
  set_aside: "warn",
  "store.operation_set_aside": "warn",
};
const OUTCOME_TONES: Readonly<Record<string, Tone>> = {
  full: "right",
  partial: "warn",
  refused: "wrong",
  failed: "wrong",
};

/** How it reads at a glance. */
export function momentTone({ kind, data }: Moment): Tone {
  if (kind === "pod.stop_closed") return OUTCOME_TONES[String(data.outcome)] ?? "info";
  return TONES[kind] ?? "neutral";
}

function texts(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}

/** What else is worth telling: a note, a reason, who took it in. */
function fee({ fee: asked, waived, waiver, currency }: Record<string, unknown>): string[] {
  if (typeof currency !== "string" || currency === "") return [];
  if (typeof waived === "number" && waived > 0)
    return [t("service.feeWaived", { fee: money(waived, currency), why: String(waiver ?? "") })];
  return typeof asked === "number" && asked > 0
    ? [t("service.feeOf", { fee: money(asked, currency) })]
    : [];
}

export function asides({ kind, data }: Moment): string[] {
  const told: string[] = [];
  if (data.audience === "manager") told.push(t("notices.copy"));
  if (typeof data.note === "string" && data.note !== "") told.push(data.note);
  if (kind === "pod.paper_issued" && data.fault)
    told.push(t("papers.fault", { fault: String(data.fault) }));
  if (kind === "orders.address_changed")
    told.push(
      t("service.addressBefore", { address: addressLine(texts(data.before)) }),
      t("service.addressAfter", { address: addressLine(texts(data.after)) }),
    );
  if (kind === "orders.cancelled") told.push(...fee(data));
  if (kind !== "pod.stop_closed") return told;
  if (data.reason) told.push(`${t("desk.reason")}: ${word("why", String(data.reason))}`);
  if (data.corrects) told.push(t("service.correction"));
  if (data.stands === false) told.push(t("service.onlyKept"));
  if (data.signed_on === "receiver") told.push(t("service.ownPhone"));
  return told;
}
