/** What the exceptions desk keeps of its cases, from rows, a filter and the time: pure. */
import type { DiscrepancyRow } from "../../kernel/contract";

export const LEVELS = [1, 2, 3] as const;
export const CAUSES = ["slip", "system", "data", "process", "training"] as const;
export type Cause = (typeof CAUSES)[number];

/** Half of a level's time: from here on it is worth a look. */
const HALF = 50;

export interface CaseFilter {
  /** 1, 2, 3, or empty for all. */
  level: string;
  kind: string;
  /** `me`, `nobody`, a person, or empty for all. */
  owner: string;
  overdue: boolean;
  text: string;
}

export type TimeLeft = { kind: "later" | "soon" | "overdue"; ms: number };

/** How a case stands against its level's time; `ms` to go, or too late by. */
export function timeLeft(
  { since, due_at }: Pick<DiscrepancyRow, "since" | "due_at">,
  now: number,
): TimeLeft {
  const left = due_at - now;
  if (left <= 0) return { kind: "overdue", ms: now - due_at };
  return { kind: now - since >= ((due_at - since) * HALF) / 100 ? "soon" : "later", ms: left };
}

export function overdue(cases: readonly DiscrepancyRow[], now: number): DiscrepancyRow[] {
  return cases.filter(each => each.due_at <= now);
}

export function readFilter(query: URLSearchParams): CaseFilter {
  return {
    level: query.get("level") ?? "",
    kind: query.get("kind") ?? "",
    owner: query.get("owner") ?? "",
    overdue: query.get("overdue") === "1",
    text: query.get("q") ?? "",
  };
}

/** The filter as it stands in an address, so that it can be kept and passed on. */
export function writeFilter({ level, kind, owner, overdue, text }: CaseFilter): string {
  const query = new URLSearchParams();
  if (level) query.set("level", level);
  if (kind) query.set("kind", kind);
  if (owner) query.set("owner", owner);
  if (overdue) query.set("overdue", "1");
  if (text) query.set("q", text);
  return query.size > 0 ? `?${query}` : "";
}

/** The cases that a filter keeps, those due first at the top. `me`: who is at the desk; `words`:
 * all that a case says, to be looked through. */
export function shownCases(
  cases: readonly DiscrepancyRow[],
  filter: CaseFilter,
  { me, now, words }: { me: string; now: number; words: (row: DiscrepancyRow) => string },
): DiscrepancyRow[] {
  const wanted = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (row: DiscrepancyRow) => {
    const told = wanted.length > 0 ? words(row).toLowerCase() : "";
    return wanted.every(word => told.includes(word));
  };
  return cases
    .filter(row => filter.level === "" || String(row.level) === filter.level)
    .filter(row => filter.kind === "" || row.kind === filter.kind)
    .filter(row => owned(row, filter.owner, me))
    .filter(row => !filter.overdue || row.due_at <= now)
    .filter(holds)
    .sort((a, b) => a.due_at - b.due_at || a.at - b.at || (a.id < b.id ? -1 : 1));
}

function owned({ owner }: DiscrepancyRow, wanted: string, me: string): boolean {
  if (wanted === "") return true;
  if (wanted === "nobody") return owner === null;
  return owner === (wanted === "me" ? me : wanted);
}

/** Of what has been reminded since the last look: the owner hears of their own, who leads of all. */
export function reminders(
  cases: readonly DiscrepancyRow[],
  told: ReadonlyMap<string, string>,
  me: string,
  leads: boolean,
): DiscrepancyRow[] {
  return cases.filter(
    row => row.reminded > 0 && (leads || row.owner === me) && told.get(row.id) !== reminderKey(row),
  );
}

export function reminderKey({ level, since, reminded }: DiscrepancyRow): string {
  return `${level}/${since}/${reminded}`;
}
