/** The contents of an operation in words. */
import { formatNumber, hasText, t } from "../../i18n";
import { word } from "../desk/words";
import { moment } from "./moment";
import type { Fact } from "./types";

const REASONS: ReadonlySet<string> = new Set(["reason", "reasons"]);
const IS_MOMENT = /(^|_)(at|until|since|due|from|to|by)$/;
/** The year 2001 in ms: what is less is no moment. */
const A_MOMENT = 1e12;

/** `lines.2.sku` as `Lines 2 · Item`. */
export function label(path: string): string {
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

export function valueWords({ path, value, hidden }: Fact): string {
  if (hidden) return t(hidden === "personal" ? "audit.personal" : "audit.secret");
  const name = path.split(".").at(-1) ?? "";
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number")
    return IS_MOMENT.test(name) && value > A_MOMENT ? moment(value) : formatNumber(value);
  const text = String(value ?? "");
  return REASONS.has(name) ? word("why", text) : text;
}
