/** What is asked of the figures, as it stands in the address: pure. */

export const PERIODS = ["day", "week", "month"] as const;
export type By = (typeof PERIODS)[number];

export interface Asked {
  /** Days such as `2026-01-31`, both included; empty: the server's usual ones. */
  from: string;
  to: string;
  by: By;
  /** One part of the site: a dimension and its member, or neither. */
  dim: string;
  member: string;
  /** The figure that is looked into, and by what it is told apart. */
  figure: string;
  of: string;
}

const NAMES = ["from", "to", "by", "dim", "member", "figure", "of"] as const;
export const HOME = "/insight";

export function asked(query: URLSearchParams): Asked {
  const by = PERIODS.find(each => each === query.get("by")) ?? "day";
  const text = (name: string) => query.get(name) ?? "";
  return {
    from: text("from"),
    to: text("to"),
    by,
    dim: text("dim"),
    member: text("member"),
    figure: text("figure"),
    of: text("of"),
  };
}

/** The address that asks it; what is usual is left out. */
export function address(what: Asked): string {
  const query = wanted(what, NAMES);
  if (what.by === "day") query.delete("by");
  return `${HOME}${query.size > 0 ? `?${query}` : ""}`;
}

/** The server's path for a part of the question. */
export function path(what: Asked, part: "figures" | "scores" | "orders", more = {}): string {
  const query = wanted(what, ["from", "to", "by", "dim", "member", "figure"]);
  if (part === "figures") query.delete("figure");
  for (const [name, value] of Object.entries<string>(more)) query.set(name, value);
  return `/api/insights/${part}?${query}`;
}

/** The same for the members of a dimension, which are those of the whole site. */
export function membersPath(what: Asked, dimension: string): string {
  const query = wanted(what, ["from", "to", "figure"]);
  query.set("dim", dimension);
  return `/api/insights/members?${query}`;
}

function wanted(what: Asked, names: readonly (keyof Asked)[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) if (what[name]) query.set(name, what[name]);
  return query;
}

export const PRESETS = [7, 30, 90, 365, 730] as const;

/** The newest so many days until `today` (`2026-01-31`), in periods that stay readable. */
export function preset(what: Asked, days: number, today: string): Asked {
  const by = days > 200 ? "month" : days > 45 ? "week" : "day";
  return { ...what, from: shifted(today, 1 - days), to: today, by };
}

/** Which preset is on show, if any. */
export function presetOf(first: string, last: string): number | undefined {
  return PRESETS.find(days => shifted(last, 1 - days) === first);
}

export function shifted(day: string, by: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}
