import { t } from "../../i18n";
import type { Column } from "../../ui";
import { LongTable } from "../desk/long-table";
import type { Cell, ReportTable, TableColumn } from "./types";
import { isFigure, shown } from "./values";

type Row = readonly [at: number, cells: readonly Cell[]];

/** What a report comes to, sorted by any column. */
export function ResultTable({ table }: { table: ReportTable }) {
  const rows: Row[] = table.rows.map((cells, at) => [at, cells]);
  const wide = table.columns.length > 8 ? "wide" : "";
  return (
    <div class="stack" data-testid="report-table">
      {table.more && <p role="status">{t("reports.more", { n: table.rows.length })}</p>}
      <LongTable
        name={`report ${wide}`}
        columns={table.columns.map((column, at) => columnOf(column, at, table.zone))}
        rows={rows}
        rowKey={([at]) => String(at)}
        empty={t("reports.nothing")}
      />
    </div>
  );
}

function columnOf(column: TableColumn, at: number, zone: string): Column<Row> {
  return {
    key: String(at),
    title: column.label,
    align: isFigure(column) ? "end" : "start",
    cell: ([, cells]) => (
      <>
        <span class="cell-name">{column.label}</span>
        <span>{shown(column, cells[at] ?? null, zone)}</span>
      </>
    ),
    sortBy: ([, cells]) => cells[at] ?? (isFigure(column) ? Number.NEGATIVE_INFINITY : ""),
  };
}
