/** The contents of an operation in words. */
import { formatNumber, hasText, isLanguage, LANGUAGES, t } from "../../i18n";
import { operationWords } from "../desk/words";
import { moment } from "./moment";
import type { Fact } from "./types";

/** Under which of the app's words a field's codes stand; the first that has one tells it. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  after: ["events.state."],
  became: ["audit.outcome_"],
  before: ["events.state."],
  cause: ["exceptions.cause."],
  channel: ["notices.channel_"],
  channels: ["notices.channel_"],
  code: ["errors."],
  cure: ["events.cure."],
  every: ["reports.every_"],
  kind: ["events.kind.", "errors."],
  mode: ["supervisor.mode_"],
  off: ["notices.what_"],
  op: ["reports.op_"],
  outcome: ["events.outcome."],
  part: ["reports.part_"],
  party: ["events.party."],
  paper: ["papers.paper_"],
  period: ["reports.period_"],
  policy: ["supervisor.policy_"],
  proposed: ["supervisor.mode_"],
  reason: ["events.why.", "loading.reason_"],
  reasons: ["events.why."],
  role: ["events.role."],
  rule: ["errors."],
  skills: ["events.kind."],
  state: ["events.state.", "events.task.", "events.run.", "events.stop.", "carriers.told_"],
  task_kind: ["events.kind."],
  type: ["events.type."],
  values: ["reports.values_"],
  what: ["events.what.", "notices.what_", "papers.paper_", "reports.use_"],
  why: ["events.why.", "notices.why_", "errors."],
};
const SET_ASIDE = "store.operation_set_aside";
const OPERATIONS: ReadonlySet<string> = new Set(["operation", "k"]);
const IS_MOMENT = /(^|_)(at|until|since|due|from|to|by)$/;
/** The year 2001 in ms: what is less is no moment. */
const A_MOMENT = 1e12;

/** `lines.2.sku` as `Lines 2 · Item`. A code that says why something was not done is no barcode. */
export function label(path: string, value: Fact["value"] = null): string {
  if (path === "code" && hasText(`errors.${value}`)) return t("audit.answer");
  const told: string[] = [];
  for (const name of path.split(".")) {
    if (/^\d+$/.test(name)) told.push(`${told.pop() ?? ""} ${name}`.trim());
    else told.push(fieldWord(name));
  }
  return told.join(" · ");
}

function fieldWord(name: string): string {
  for (const key of [`audit.field_${name}`, `service.field_${name}`, `service.to_${name}`])
    if (hasText(key)) return (t as (key: string) => string)(key);
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** `kind`: of the event that says it, where one does. */
export function valueWords({ path, value, hidden }: Fact, kind = ""): string {
  if (hidden) return t(hidden === "personal" ? "audit.personal" : "audit.secret");
  const name = path.split(".").findLast(each => !/^\d+$/.test(each)) ?? "";
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number")
    return IS_MOMENT.test(name) && value > A_MOMENT ? moment(value) : formatNumber(value);
  return codeWords(kind === SET_ASIDE && name === "outcome" ? "became" : name, String(value ?? ""));
}

function codeWords(name: string, text: string): string {
  if (OPERATIONS.has(name)) return operationWords(text);
  if (name === "lang" && isLanguage(text)) return LANGUAGES[text];
  const key = WORDS[name]?.map(of => of + text).find(hasText);
  return key ? plainly((t as (key: string) => string)(key)) : text;
}

/** Without what a refusal would name. */
function plainly(words: string): string {
  return words.replace(/\s*\{[^}]*\}/g, "…");
}
