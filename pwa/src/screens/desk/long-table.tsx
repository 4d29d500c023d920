import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Table } from "../../ui";
import type { TableProps } from "../../ui/table";

const PAGE = 50;

/** A table of any length that paints fifty rows at a time. `name`: its look in long-table.css. */
export function LongTable<Row>({ name, ...table }: TableProps<Row> & { name: string }) {
  const [limit, setLimit] = useState(PAGE);
  const total = table.rows.length;
  const more = Math.min(PAGE, total - limit);
  return (
    <div class={`long-table ${name}`}>
      <Table {...table} limit={limit} />
      {more > 0 && (
        <p class="row more">
          <Button onClick={() => setLimit(limit + PAGE)}>{t("desk.showMore", { n: more })}</Button>
          <span class="soft">{t("desk.shown", { shown: limit, total })}</span>
        </p>
      )}
    </div>
  );
}
