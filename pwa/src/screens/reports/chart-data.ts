import type { Cell, ReportTable, TableColumn } from "./types";
import { isFigure, shown } from "./values";

/** Lines and bars: figures over one group, one series for each value of the others. */
export interface Series {
  readonly labels: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
  }[];
}

export interface Slice {
  readonly label: string;
  readonly value: number;
  /** Of all, from 0 to 1. */
  readonly share: number;
}

export interface Heat {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly (number | null)[])[];
  readonly most: number;
}

export const MOST_SERIES = 6;
const MOST_SLICES = 8;

/** The column that is drawn: the first figure. */
export function figureOf(table: ReportTable): TableColumn | undefined {
  return table.columns.find(column => !column.is_group && isFigure(column));
}

/** The first group runs along; the largest of the others have a series each, the rest is left out. */
export function seriesOf(table: ReportTable): Series {
  const drawn = picked(table);
  const labels = labelsOf(table);
  const names = [...new Set(drawn.map(row => row.other))];
  const largest = names
    .map(name => ({ name, sum: total(drawn.filter(row => row.other === name)) }))
    .sort((a, b) => b.sum - a.sum)
    .slice(0, MOST_SERIES);
  return {
    labels,
    series: largest.map(({ name }) => ({
      name: name || (figureOf(table)?.label ?? ""),
      values: labels.map(label => valueAt(drawn, label, name)),
    })),
  };
}

/** Along the first group as the report has it; days on which nothing was have their place too. */
function labelsOf(table: ReportTable): string[] {
  const at = table.columns.findIndex(column => column.is_group);
  const column = table.columns[at];
  if (!column) return [""];
  const values = [...new Set(table.rows.map(row => row[at] ?? null))];
  const places = column.type === "date" ? filled(values) : values;
  return places.map(value => shown(column, value, table.zone));
}

const DAY_MS = 86_400_000;
const MOST_PLACES = 400;

/** Days in order with those between them, a day or a week apart; any other list as it is. */
export function filled(values: readonly Cell[]): readonly Cell[] {
  const days = values.filter(value => value !== null).map(value => Date.parse(`${value}T00:00Z`));
  const steps = days.slice(1).map((day, at) => day - (days[at] ?? day));
  const step = steps.every(each => each % (7 * DAY_MS) === 0) ? 7 * DAY_MS : DAY_MS;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || steps.some(each => each <= 0)) return values;
  const places = (last - first) / step + 1;
  if (places > MOST_PLACES) return values;
  const all = Array.from({ length: places }, (_, n) => iso(first + n * step));
  return values.includes(null) ? [...all, null] : all;
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The largest first; what is small is one slice. `rest`: its name. */
export function slicesOf(table: ReportTable, rest: string): readonly Slice[] {
  const drawn = picked(table).filter(row => (row.value ?? 0) > 0);
  const all = total(drawn);
  const sorted = [...drawn].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const slice = (label: string, value: number) => ({ label, value, share: value / all });
  const large = sorted.slice(0, MOST_SLICES);
  const small = total(sorted.slice(MOST_SLICES));
  return [
    ...large.map(row => slice(joined(row.along, row.other), row.value ?? 0)),
    ...(small > 0 ? [slice(rest, small)] : []),
  ];
}

/** The first group goes down, the second across. */
export function heatOf(table: ReportTable): Heat {
  const [down, across] = table.columns.flatMap((column, at) => (column.is_group ? [at] : []));
  const drawn = picked(table);
  const rows = inOrder(table, down ?? 0);
  const columns = inOrder(table, across ?? 1);
  const cells = rows.map(row => columns.map(column => valueAt(drawn, row, column)));
  const most = Math.max(0, ...drawn.map(row => row.value ?? 0));
  return { rows, columns, cells, most };
}

function inOrder(table: ReportTable, at: number): string[] {
  const column = table.columns[at];
  if (!column) return [];
  const values = [...new Set(table.rows.map(row => row[at] ?? null))].sort(byValue);
  return values.map(value => shown(column, value, table.zone));
}

function byValue(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""));
}

interface Drawn {
  readonly along: string;
  readonly other: string;
  readonly value: number | null;
}

function picked(table: ReportTable): readonly Drawn[] {
  const groups = table.columns.flatMap((column, at) => (column.is_group ? [at] : []));
  const figure = table.columns.findIndex(column => !column.is_group && isFigure(column));
  const name = (row: readonly Cell[], at: number) => {
    const column = table.columns[at];
    return column ? shown(column, row[at] ?? null, table.zone) : "";
  };
  return table.rows.map(row => ({
    along: groups[0] === undefined ? "" : name(row, groups[0]),
    other: groups
      .slice(1)
      .map(at => name(row, at))
      .join(" · "),
    value: typeof row[figure] === "number" ? row[figure] : null,
  }));
}

function joined(along: string, other: string): string {
  return other ? `${along} · ${other}` : along;
}

/** Several rows of one place are one figure. */
function valueAt(drawn: readonly Drawn[], along: string, other: string): number | null {
  const here = drawn.filter(
    row => row.along === along && row.other === other && row.value !== null,
  );
  return here.length > 0 ? total(here) : null;
}

function total(drawn: readonly Drawn[]): number {
  return drawn.reduce((sum, row) => sum + (row.value ?? 0), 0);
}
