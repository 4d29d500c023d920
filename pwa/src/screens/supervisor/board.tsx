import { useState } from "preact/hooks";
import { formatDuration, formatNumber, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { navigate, type RouteProps } from "../../router";
import { now } from "../../shell";
import { useRows } from "../../sync";
import { Button, type Column, Field } from "../../ui";
import { byState, figures, linesPicked, type OrderFilter, shownOrders } from "../desk/board";
import { useDevices } from "../desk/device-table";
import { Arrival, Due, OrderState } from "../desk/due";
import { Desk, orderPath, Tile } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { word } from "../desk/words";
import { savedPercent, walkedToday } from "./gain";
import { PlanRuns } from "./plan-runs";
import { ReleaseWave } from "./release";

/** The whole site at a glance: figures, and the orders as they move. */
export function Board({ query }: RouteProps) {
  const filter: OrderFilter = { state: query.get("state") ?? "", text: query.get("q") ?? "" };
  const [asking, setAsking] = useState<"wave" | "run" | null>(null);
  const orders = useRows("order");
  return (
    <Desk view="board">
      <Tiles orders={orders} />
      <div class="toolbar">
        <Field
          label={t("desk.filter")}
          type="search"
          value={filter.text}
          placeholder={t("desk.filterHint")}
          onInput={text => show({ ...filter, text })}
        />
        <Button icon="flag" onClick={() => setAsking("wave")}>
          {t("supervisor.releaseWave")}
        </Button>
        <Button icon="truck" onClick={() => setAsking("run")}>
          {t("runs.plan")}
        </Button>
      </div>
      <States orders={orders} filter={filter} />
      <Orders orders={shownOrders(orders, filter, now.value)} />
      {asking === "wave" && <ReleaseWave onClose={() => setAsking(null)} />}
      {asking === "run" && <PlanRuns onClose={() => setAsking(null)} />}
    </Desk>
  );
}

/** The filter is in the address, so that it can be kept and passed on. */
function address({ state, text }: OrderFilter): string {
  const query = new URLSearchParams();
  if (state) query.set("state", state);
  if (text) query.set("q", text);
  return `/supervisor${query.size > 0 ? `?${query}` : ""}`;
}

function show(filter: OrderFilter): void {
  navigate(address(filter), { replace: true });
}

function Tiles({ orders }: { orders: readonly OrderRow[] }) {
  const f = figures(orders, useRows("task"), useDevices(), now.value);
  return (
    <div class="grid tiles">
      <Tile
        name={t("supervisor.linesPicked")}
        value={f.picked === null ? "–" : `${formatNumber(f.picked)} %`}
        detail={t("supervisor.ofReleased")}
      />
      <Tile
        name={t("supervisor.lateOrders")}
        value={formatNumber(f.late)}
        tone={f.late > 0 ? "wrong" : undefined}
        href={address({ state: "late", text: "" })}
      />
      <Tile
        name={t("supervisor.tasksInHand")}
        value={formatNumber(f.tasksHeld)}
        detail={t("supervisor.tasksWaiting", { n: f.tasksOpen })}
        href="/supervisor/tasks"
      />
      <WalkTile />
      <Tile
        name={t("supervisor.devicesOnline")}
        value={`${formatNumber(f.online)} / ${formatNumber(f.devices)}`}
        href="/supervisor/people"
      />
      <Tile
        name={t("supervisor.unsentOnFloor")}
        value={formatNumber(f.unsent)}
        detail={
          f.oldest === null
            ? undefined
            : t("supervisor.oldest", { age: formatDuration(now.value - f.oldest) })
        }
        href="/supervisor/people"
      />
    </div>
  );
}

/** What pickers walked today, re-routes included, against S-shape past the same shelves. */
function WalkTile() {
  const { metres, sShape } = walkedToday(useRows("walk"), now.value);
  return (
    <Tile
      name={t("supervisor.walkedToday")}
      value={t("desk.metres", { n: whole(metres) })}
      detail={metres > 0 ? besideSShape(metres, sShape) : undefined}
      href="/supervisor/waves"
    />
  );
}

function besideSShape(metres: number, sShape: number): string {
  const n = whole(sShape);
  const saved = savedPercent(metres, sShape);
  const extra = savedPercent(sShape, metres);
  if (saved > 0) return t("supervisor.sShapeWouldBe", { n, saved });
  return extra > 0
    ? t("supervisor.sShapeShorter", { n, extra })
    : t("supervisor.sShapeNoLonger", { n });
}

function whole(n: number): string {
  return formatNumber(n, { maximumFractionDigits: 0 });
}

/** In the order of their lives; these are always there, the rest when an order is in it. */
const ALWAYS = [
  "confirmed",
  "released",
  "picking",
  "picked",
  "packing",
  "packed",
  "out_for_delivery",
  "delivered",
];

function States({ orders, filter }: { orders: readonly OrderRow[]; filter: OrderFilter }) {
  const counts = byState(orders);
  const rest = [...counts.keys()].filter(state => !ALWAYS.includes(state)).sort();
  const late = orders.length > 0 && filter.state === "late";
  return (
    <nav class="states" aria-label={t("supervisor.ordersByState")}>
      <State filter={filter} state="" label={t("desk.allStates")} count={orders.length} />
      {late && <State filter={filter} state="late" label={t("supervisor.lateOrders")} />}
      {[...ALWAYS, ...rest].map(state => (
        <State
          key={state}
          filter={filter}
          state={state}
          label={word("state", state)}
          count={counts.get(state) ?? 0}
        />
      ))}
    </nav>
  );
}

interface StateProps {
  filter: OrderFilter;
  state: string;
  label: string;
  count?: number;
}

function State({ filter, state, label, count }: StateProps) {
  const current = filter.state === state;
  return (
    <a
      href={`#${address({ ...filter, state })}`}
      aria-current={current ? "true" : undefined}
      class={count === 0 ? "soft" : ""}
    >
      {label}
      {count !== undefined && <strong data-testid={`state-${state}`}>{formatNumber(count)}</strong>}
    </a>
  );
}

function columns(): Column<OrderRow>[] {
  return [
    {
      key: "number",
      title: t("desk.order"),
      cell: order => <span data-testid={`order-${order.number}`}>{order.number}</span>,
      sortBy: order => order.number,
    },
    {
      key: "customer",
      title: t("desk.customer"),
      cell: order => order.customer_name,
      sortBy: order => order.customer_name,
    },
    {
      key: "state",
      title: t("desk.state"),
      cell: order => <OrderState state={order.state} />,
      sortBy: order => word("state", order.state),
    },
    {
      key: "picked",
      title: t("desk.picked"),
      align: "end",
      cell: order => (
        <span data-testid={`picked-${order.number}`}>
          {formatNumber(linesPicked(order))} / {formatNumber(order.lines)}
        </span>
      ),
      sortBy: order => (order.lines > 0 ? linesPicked(order) / order.lines : 0),
    },
    {
      key: "due",
      title: t("desk.due"),
      cell: order => (
        <span class="two-lines">
          <Due order={order} />
          <Arrival order={order} />
        </span>
      ),
      sortBy: order => order.due_at,
    },
  ];
}

function Orders({ orders }: { orders: readonly OrderRow[] }) {
  return (
    <LongTable
      name="orders"
      columns={columns()}
      rows={orders}
      rowKey={order => order.id}
      empty={t("supervisor.noOrders")}
      onOpen={order => navigate(orderPath(order.id))}
    />
  );
}
