import { formatDate, hasText, t } from "../../i18n";
import { isRecord } from "../../kernel/http";
import { type Group, word } from "./words";

/** Codes, and the kind of word that says each. */
const CODES: Readonly<Record<string, Group>> = { reason: "why", party: "party", cure: "cure" };
/** Moments, in ms. */
const TIMES: ReadonlySet<string> = new Set(["eta", "promised"]);

type Row = readonly [name: string, value: string];

/** Names that are shown elsewhere, or mean nothing to a person. */
const QUIET: ReadonlySet<string> = new Set(
  "photos task order epoch line person stop run proof follow".split(" "),
);
/** What the checks of a proof found, each with a sentence of its own. */
const VERDICTS: ReadonlySet<string> = new Set(["hash", "signature", "chain"]);

/** What a problem's details say, as names and values; the operation's own body comes last. */
export function details(told: Readonly<Record<string, unknown>>): Row[] {
  return [...named(told).values()];
}

function named(told: Readonly<Record<string, unknown>>): Map<string, Row> {
  const { body, ...rest } = told;
  const inner = isRecord(body) ? body : {};
  const rows = new Map<string, Row>();
  for (const [name, value] of [...Object.entries(rest), ...Object.entries(inner)]) {
    const row = shown(name, value);
    if (row && !rows.has(name)) rows.set(name, row);
  }
  return rows;
}

function shown(name: string, value: unknown): Row | null {
  if (QUIET.has(name) || value === "" || value === null) return null;
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value);
  if (VERDICTS.has(name)) return [label(name), word("verdict", `${name}.${text}`)];
  if (TIMES.has(name) && typeof value === "number") return [label(name), formatDate(value)];
  if (name === "rule" && hasText(`exceptions.rule.${text}`))
    return [label(name), t(`exceptions.rule.${text}` as "exceptions.rule.log_has_no_gap")];
  if (name === "why" && hasText(`runs.not_${text}`))
    return [label(name), t(`runs.not_${text}` as "runs.not_full")];
  const kind = CODES[name];
  return [label(name), kind ? word(kind, text) : text];
}

/** The few that tell one problem of a kind from another, in one line. */
const TELLING = "number bin sku parcel missing device carrier name what rule lot tote".split(" ");
const MOST_TOLD = 4;

export function brief(told: Readonly<Record<string, unknown>>): string {
  const rows = new Map(named(told));
  const found = TELLING.flatMap(name => rows.get(name)?.[1] ?? []);
  return found.slice(0, MOST_TOLD).join(" · ");
}

function label(name: string): string {
  const key = `service.field_${name}`;
  return hasText(key) ? t(key as "service.field_bin") : name;
}

/** The photos that somebody took of it, as blob references. */
export function photosOf(told: Readonly<Record<string, unknown>>): string[] {
  const inner = isRecord(told.body) ? told.body.photos : undefined;
  const refs = Array.isArray(told.photos) ? told.photos : Array.isArray(inner) ? inner : [];
  return refs.filter(ref => typeof ref === "string");
}
