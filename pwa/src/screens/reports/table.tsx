import { t } from "../../i18n";
import type { Column } from "../../ui";
import { LongTable } from "../desk/long-table";
import { type Line, linesOf } from "./lines";
import type { ReportTable, TableColumn } from "./types";
import { isFigure, shown } from "./values";

/** What a report comes to, sorted by any column; with sub-totals it stays as they need it. */
export function ResultTable({ table }: { table: ReportTable }) {
  const wide = table.columns.length > 8 ? "wide" : "";
  const fixed = table.sums.length > 0;
  return (
    <div class="stack" data-testid="report-table">
      {table.more && <p role="status">{t("reports.more", { n: table.rows.length })}</p>}
      <LongTable
        name={`report ${wide}`}
        columns={table.columns.map((column, at) => columnOf(column, at, table.zone, fixed))}
        rows={linesOf(table)}
        rowKey={line => line.key}
        empty={t("reports.nothing")}
      />
    </div>
  );
}

function columnOf(column: TableColumn, at: number, zone: string, fixed: boolean): Column<Line> {
  return {
    key: String(at),
    title: column.label,
    align: isFigure(column) ? "end" : "start",
    cell: ({ cells, depth }) => (
      <>
        <span class="cell-name">{column.label}</span>
        {depth === undefined ? (
          <span>{shown(column, cells[at] ?? null, zone)}</span>
        ) : (
          <strong>
            {at === depth ? t("reports.sum") : shown(column, cells[at] ?? null, zone)}
          </strong>
        )}
      </>
    ),
    ...(!fixed && {
      sortBy: ({ cells }) => cells[at] ?? (isFigure(column) ? Number.NEGATIVE_INFINITY : ""),
    }),
  };
}
