import { useMemo } from "preact/hooks";
import { formatNumber, language, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { navigate } from "../../router";
import { clock } from "../../runs/arrival";
import { useRow } from "../../sync";
import { Badge } from "../../ui";
import { linesPicked } from "../desk/board";
import { Due, OrderState } from "../desk/due";
import { orderPath } from "../desk/frame";
import { expectedAt } from "../desk/lateness";
import { Found, type LiveColumn, LiveTable } from "../desk/live-table";
import { filterQuery, filtersSet, type OrderFilter, SORTS, type Sort } from "../desk/open-orders";
import { columnTitle, sortBy } from "./order-filters";

const CELLS: Record<Sort, LiveColumn<OrderRow>["cell"]> = {
  number: order => (
    <a
      class="number"
      href={`#${orderPath(order.id)}`}
      tabIndex={-1}
      data-testid={`order-${order.number}`}
    >
      {order.number}
    </a>
  ),
  customer: order => <span class="name">{order.customer_name}</span>,
  state: order => <OrderState state={order.state} />,
  wave: order => (order.wave > 0 ? formatNumber(order.wave) : ""),
  carrier: order => order.carrier && <span class="name">{order.carrier}</span>,
  priority: order => formatNumber(order.priority),
  picked: order => (
    <span data-testid={`picked-${order.number}`}>
      {formatNumber(linesPicked(order))} / {formatNumber(order.lines)}
    </span>
  ),
  due: order => <Standing order={order} />,
  expected: order => <ExpectedAt order={order} />,
};
const AT_THE_END: ReadonlySet<Sort> = new Set(["wave", "priority", "picked"]);

export function OrderTable({ keys, filter }: { keys: readonly string[]; filter: OrderFilter }) {
  const columns = useMemo(columnsNow, [language.value]);
  const asks = filter.state !== "" || filter.text !== "" || filtersSet(filter) > 0;
  return (
    <>
      <Found of={filterQuery(filter)} n={keys.length} />
      <LiveTable
        name="orders"
        label={t("board.openOrders")}
        columns={columns}
        keys={keys}
        useOne={useOrder}
        sort={filter.sort}
        down={filter.down}
        onSort={key => sortBy(filter, key as Sort)}
        onOpen={open}
        empty={t(asks ? "supervisor.noOrders" : "supervisor.noOrdersYet")}
      />
    </>
  );
}

function columnsNow(): LiveColumn<OrderRow>[] {
  return SORTS.map(key => ({
    key,
    title: columnTitle(key),
    cell: CELLS[key],
    ...(AT_THE_END.has(key) && { align: "end" as const }),
  }));
}

function open(id: string): void {
  navigate(orderPath(id));
}

function useOrder(id: string): OrderRow | undefined {
  return useRow("order", id);
}

function Standing({ order }: { order: OrderRow }) {
  return <Due order={order} expected={useExpected(order)} />;
}

function useExpected(order: OrderRow): number | null {
  return expectedAt(order, useRow("forecast", order.id));
}

function ExpectedAt({ order }: { order: OrderRow }) {
  const at = useExpected(order);
  if (at === null) return "";
  return (
    <span class="row">
      {clock(at)}
      {order.delayed && <Badge tone="wrong">{t("service.delayed")}</Badge>}
    </span>
  );
}
