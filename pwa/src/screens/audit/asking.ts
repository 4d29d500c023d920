/** What the audit screen's address asks for, and how the server is asked for it: pure. */

/** In the address, as people would read it; days as `2026-01-31`. */
export const FILTERS = ["order", "person", "device", "kind", "outcome", "from", "to"] as const;
export type Filter = (typeof FILTERS)[number];

export const OUTCOMES = [
  "undone",
  "applied",
  "diverted",
  "quarantined",
  "refused",
  "held",
] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The screen's address with one filter changed; an empty one is taken off. */
export function pathWith(query: URLSearchParams, name: Filter, value: string): string {
  const next = new URLSearchParams();
  for (const each of FILTERS) {
    const kept = each === name ? value : (query.get(each) ?? "");
    if (kept !== "") next.set(each, kept);
  }
  return next.size === 0 ? "/audit" : `/audit?${next}`;
}

/** The server's address; days are whole ones of this device's clock. */
export function askPath(query: URLSearchParams, after: string): string {
  const asked = new URLSearchParams();
  for (const name of ["person", "device", "kind", "outcome"]) {
    const value = query.get(name);
    if (value) asked.set(name, value);
  }
  const order = (query.get("order") ?? "").replaceAll(/\s/g, "");
  if (order) asked.set("order", order);
  const since = midnight(query.get("from"), 0);
  const until = midnight(query.get("to"), 1);
  if (since !== null) asked.set("since", String(since));
  if (until !== null) asked.set("until", String(until));
  if (after) asked.set("after", after);
  return `/api/audit?${asked}`;
}

/** The beginning of a day, or of the one so many days after it, in ms. */
function midnight(day: string | null, later: number): number | null {
  if (!day || !DAY.test(day)) return null;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const at = new Date(year, month - 1, date + later).getTime();
  return at >= 0 ? at : null;
}
