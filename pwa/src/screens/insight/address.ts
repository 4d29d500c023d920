/** What is asked of the figures, as it stands in the address: pure. */

export const PERIODS = ["day", "week", "month"] as const;
export type By = (typeof PERIODS)[number];

export const DIMENSIONS = [
  ...(["carrier", "destination", "channel", "customer"] as const),
  ...(["person", "zone", "kind", "cause", "reason", "product"] as const),
] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** The part of the site that is looked at: of each dimension one member, or all. */
export type Where = Readonly<Partial<Record<Dimension, string>>>;

export interface Asked {
  /** Days such as `2026-01-31`, both included; empty: the server's usual ones. */
  from: string;
  to: string;
  by: By;
  where: Where;
  /** The figure that is looked into, and by what it is told apart. */
  figure: string;
  of: string;
}

type Plain = Exclude<keyof Asked, "where">;
const NAMES = ["from", "to", "by", "figure", "of"] as const;
export const HOME = "/insight";

export function asked(query: URLSearchParams): Asked {
  const by = PERIODS.find(each => each === query.get("by")) ?? "day";
  const text = (name: string) => query.get(name) ?? "";
  const where: Partial<Record<Dimension, string>> = {};
  for (const dimension of DIMENSIONS) {
    const member = text(dimension);
    if (member) where[dimension] = member;
  }
  return {
    from: text("from"),
    to: text("to"),
    by,
    where,
    figure: text("figure"),
    of: text("of"),
  };
}

/** The same question about one member of a dimension alone; an empty one: about all of them. */
export function only(what: Asked, dimension: string, member: string): Asked {
  const { [dimension as Dimension]: _, ...rest } = what.where;
  return { ...what, where: member ? { ...rest, [dimension]: member } : rest };
}

/** Which dimensions are narrowed down, in their own order. */
export function narrowed({ where }: Asked): [Dimension, string][] {
  return DIMENSIONS.flatMap((name): [Dimension, string][] => {
    const member = where[name];
    return member ? [[name, member]] : [];
  });
}

/** The address that asks it; what is usual is left out. */
export function address(what: Asked): string {
  const query = wanted(what, NAMES);
  if (what.by === "day") query.delete("by");
  return `${HOME}${query.size > 0 ? `?${query}` : ""}`;
}

/** The server's path for a part of the question. */
export function path(what: Asked, part: "figures" | "scores" | "orders", more = {}): string {
  const query = wanted(what, part === "orders" ? ["from", "to", "figure"] : ["from", "to", "by"]);
  for (const [name, value] of Object.entries<string>(more)) query.set(name, value);
  return `/api/insights/${part}?${query}`;
}

/** The same for the members of a dimension. */
export function membersPath(what: Asked, dimension: string): string {
  const query = wanted(what, ["from", "to", "figure"]);
  query.set("of", dimension);
  return `/api/insights/members?${query}`;
}

function wanted(what: Asked, names: readonly Plain[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) if (what[name]) query.set(name, what[name]);
  for (const [name, member] of narrowed(what)) query.set(name, member);
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
