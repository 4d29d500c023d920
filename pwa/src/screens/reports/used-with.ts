import { hasText, t } from "../../i18n";
import type { ReportFilter, Sending, Wanted } from "./types";

interface Told extends Partial<Omit<Wanted, "filters">> {
  readonly filters?: readonly ReportFilter[];
  readonly format?: string;
  readonly spec?: { readonly dataset: string };
  readonly to?: Sending["to"];
  readonly asked?: Partial<Wanted>;
}

/** What a report was used with: its period, its filters, the file, whom it goes to. */
export function usedWith(detail: string): string {
  return toldWords(read(detail));
}

/** The same of what is known already. */
export function toldWords(told: Told): string {
  const { period, start, end, filters } = { ...told, ...told.asked };
  const parts = [
    start ? `${start} – ${end || start}` : period && periodWords(period),
    ...(filters ?? []).map(filterWords),
    told.format?.toUpperCase(),
    told.spec?.dataset,
    told.to?.join(", "),
  ];
  return parts.filter(Boolean).join(" · ") || "–";
}

function read(detail: string): Told {
  try {
    return JSON.parse(detail || "{}") as Told;
  } catch {
    return {}; // it was longer than what is kept of it
  }
}

function periodWords(period: string): string {
  const key = `reports.period_${period}`;
  return hasText(key) ? (t as (key: string) => string)(key) : period;
}

function filterWords({ field, op = "is", values = [] }: ReportFilter): string {
  return `${field} ${t(`reports.op_${op}`)} “${values.join(", ")}”`;
}
