import type { DatasetOf, FieldOf, ReportFilter, ReportGroup, ReportSpec, Wanted } from "./types";

/** A report in the making. */
export interface Draft
  extends Required<Omit<ReportSpec, "groups" | "filters" | "sort" | "columns">> {
  readonly columns: readonly { readonly formula: string; readonly title: string }[];
  readonly groups: readonly Required<ReportGroup>[];
  readonly filters: readonly Required<ReportFilter>[];
  readonly sort: readonly { readonly by: number; readonly down: boolean }[];
}

export const MOST = { columns: 20, groups: 4, filters: 12 } as const;
const FIRST_COLUMNS = 4;

/** Where a new report of this data begins: its first fields, of the last 30 days. */
export function begin(dataset: DatasetOf): Draft {
  const seen = dataset.fields.filter(field => field.may).slice(0, FIRST_COLUMNS);
  return {
    dataset: dataset.name,
    columns: seen.map(field => ({ formula: field.name, title: "" })),
    groups: [],
    filters: [],
    sort: [],
    limit: 1000,
    chart: "",
    period: "last_30",
    subtotals: false,
  };
}

/** One that there is, to be changed or copied. */
export function draftOf(spec: ReportSpec): Draft {
  return {
    dataset: spec.dataset,
    columns: spec.columns.map(({ formula, title = "" }) => ({ formula, title })),
    groups: (spec.groups ?? []).map(({ field, part = "" }) => ({ field, part })),
    filters: (spec.filters ?? []).map(({ field, op = "is", values = [""] }) => ({
      field,
      op,
      values,
    })),
    sort: (spec.sort ?? []).map(({ by = 0, down = false }) => ({ by, down })),
    limit: spec.limit ?? 1000,
    chart: spec.chart ?? "",
    period: spec.period ?? "last_30",
    subtotals: spec.subtotals ?? false,
  };
}

/** The formula of a field and what it is added up by; nothing: the field itself. */
export function formulaOf(field: string, total: string): string {
  return total === "" ? field : `${total}(${field})`;
}

/** What may be compared with a field of that kind. */
export function comparesOf(field: FieldOf | undefined): readonly Wanted["filters"][number]["op"][] {
  switch (field?.type) {
    case "whole":
    case "number":
    case "money":
    case "moment":
      return ["is", "not", "above", "below"];
    case "flag":
      return ["is", "not"];
    default:
      return ["is", "not", "contains"];
  }
}

/** A filter that has just been put in. */
export function filterFor(field: FieldOf): Required<ReportFilter> {
  return { field: field.name, op: "is", values: [field.type === "flag" ? "1" : ""] };
}

/** With one of a list changed, or taken out where `value` is null. */
export function changed<T>(list: readonly T[], at: number, value: T | null): readonly T[] {
  return value === null
    ? list.filter((_, i) => i !== at)
    : list.map((v, i) => (i === at ? value : v));
}

/** With one of a list a place further up. */
export function raised<T>(list: readonly T[], at: number): readonly T[] {
  const one = list[at];
  const above = list[at - 1];
  if (one === undefined || above === undefined) return list;
  return list.map((v, i) => (i === at ? above : i === at - 1 ? one : v));
}

/** What is said of a sort, or of sub-totals, once what it is about has gone: it goes too. */
export function sortable(draft: Draft): Draft {
  const columns = draft.groups.length + draft.columns.length;
  const subtotals = draft.subtotals && draft.groups.length > 0;
  return { ...draft, subtotals, sort: draft.sort.filter(({ by }) => by < columns) };
}
