import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icon";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** What to sort by; without it the column cannot be sorted. */
  sortBy?: (row: Row) => string | number;
  /** Figures stand at the end. */
  align?: "start" | "end";
}

export interface TableProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  caption?: string;
  empty?: string;
  /** Opens a row; its first cell becomes a button for the keyboard. */
  onOpen?: (row: Row) => void;
  /** Paints only so many rows, the first ones after sorting. */
  limit?: number;
}

interface Sorting {
  key: string;
  up: boolean;
}

/** A table for desks; handhelds use `List`. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, caption, empty } = props;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const toggle = (key: string) =>
    setSorting(now => (now?.key === key ? { key, up: !now.up } : { key, up: true }));
  if (rows.length === 0) return <p class="table-frame empty">{empty ?? t("ui.emptyList")}</p>;
  return (
    <div class="table-frame">
      <table class="table">
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map(column => (
              <Head key={column.key} column={column} sorting={sorting} onSort={toggle} />
            ))}
          </tr>
        </thead>
        <tbody>
          {first(sorted(rows, columns, sorting), props.limit).map(row => (
            <TableRow key={props.rowKey(row)} {...props} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sorting: Sorting | null;
  onSort: (key: string) => void;
}

function Head<Row>({ column, sorting, onSort }: HeadProps<Row>) {
  const { key, title, sortBy, align = "start" } = column;
  const direction = sorting?.key === key ? (sorting.up ? "ascending" : "descending") : undefined;
  return (
    <th scope="col" aria-sort={direction}>
      {sortBy ? (
        <button type="button" class={align} onClick={() => onSort(key)}>
          {title}
          {direction && <Icon name={direction === "ascending" ? "up" : "down"} />}
        </button>
      ) : (
        <span class={align}>{title}</span>
      )}
    </th>
  );
}

function TableRow<Row>({ columns, row, onOpen }: TableProps<Row> & { row: Row }) {
  return (
    <tr class={onOpen ? "opens" : undefined} onClick={onOpen && (() => onOpen(row))}>
      {columns.map(({ key, cell, align = "start" }, index) => (
        <td key={key} class={align}>
          {onOpen && index === 0 ? (
            <button type="button" class="row-link">
              {cell(row)}
            </button>
          ) : (
            cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

function first<Row>(rows: readonly Row[], limit: number | undefined): readonly Row[] {
  return limit === undefined ? rows : rows.slice(0, limit);
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const sortBy = columns.find(column => column.key === sorting?.key)?.sortBy;
  if (!sortBy || !sorting) return rows;
  const sign = sorting.up ? 1 : -1;
  return rows.toSorted((a, b) => sign * compare(sortBy(a), sortBy(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
