import { language } from "../../i18n";
import type { Wanted } from "./types";

export const PERIODS = [
  "today",
  "yesterday",
  "last_7",
  "last_30",
  "this_month",
  "last_month",
  "all",
] as const;

/** Reads the address of a report: `period` or `start` and `end`, and a `where` for each filter. */
export function wantedOf(query: URLSearchParams): Wanted {
  return {
    period: query.get("period") ?? "",
    start: query.get("start") ?? "",
    end: query.get("end") ?? "",
    filters: query.getAll("where").flatMap(filterOf),
  };
}

function filterOf(where: string): Wanted["filters"] {
  const [field, op, ...rest] = where.split(":");
  if (!field || !op || rest.length === 0) return [];
  return [{ field, op: op as Wanted["filters"][number]["op"], values: [rest.join(":")] }];
}

/** The same as a query; empty parts are left out. A filter of several values has the first. */
export function queryOf(wanted: Wanted): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["period", "start", "end"] as const)
    if (wanted[name]) query.set(name, wanted[name]);
  for (const { field, op, values } of wanted.filters)
    query.append("where", `${field}:${op}:${values[0] ?? ""}`);
  return query;
}

/** Where a report is shown. */
export function placeOf(id: string, wanted: Wanted): string {
  const query = queryOf(wanted);
  return `/reports/${encodeURIComponent(id)}${query.size > 0 ? `?${query}` : ""}`;
}

/** Where the server has it: its table, or a file of it with words or, for a machine, with codes. */
export function sourceOf(id: string, wanted: Wanted, format?: string, values = "words"): string {
  const query = queryOf(wanted);
  query.set("lang", language.value);
  if (format) query.set("format", format);
  if (format && values !== "words") query.set("values", values);
  return `/api/reports/${encodeURIComponent(id)}/${format ? "file" : "table"}?${query}`;
}
