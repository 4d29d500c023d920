import { useMemo, useRef, useState } from "preact/hooks";
import { formatDuration, formatNumber, language, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { now } from "../../shell";
import { useCalmRows, useRows } from "../../sync";
import { Button } from "../../ui";
import { figures } from "../desk/board";
import { useCalmDevices } from "../desk/device-table";
import { Desk, Tile } from "../desk/frame";
import {
  type Forecasts,
  isAsked,
  type OrderFilter,
  readFilter,
  sortedKeys,
} from "../desk/open-orders";
import { savedPercent, walkedToday } from "./gain";
import { address, OrderFilters, States } from "./order-filters";
import { OrderTable } from "./order-table";
import { PlanRuns } from "./plan-runs";
import { ProgressPanel } from "./progress-panel";
import { ReleaseWave } from "./release";

/** The whole site at a glance: figures, how far the work is, and the orders as they move. */
export function Board({ query }: RouteProps) {
  const filter = readFilter(query);
  const [asking, setAsking] = useState<"wave" | "run" | null>(null);
  const orders = useOrders();
  const forecasts = useCalmRows("forecast");
  const asked = useAsked(orders, forecasts, filter);
  return (
    <Desk view="board">
      <Tiles orders={orders} forecasts={forecasts} />
      <ProgressPanel />
      <OrderFilters filter={filter} orders={orders}>
        <Button icon="flag" onClick={() => setAsking("wave")}>
          {t("supervisor.releaseWave")}
        </Button>
        <Button icon="truck" onClick={() => setAsking("run")}>
          {t("runs.plan")}
        </Button>
        <a class="button" href="#/supervisor/wall">
          {t("board.wall")}
        </a>
      </OrderFilters>
      <States orders={asked} filter={filter} />
      <Orders asked={asked} forecasts={forecasts} filter={filter} />
      {asking === "wave" && <ReleaseWave onClose={() => setAsking(null)} />}
      {asking === "run" && <PlanRuns onClose={() => setAsking(null)} />}
    </Desk>
  );
}

function useOrders(): readonly OrderRow[] {
  const rows = useCalmRows("order");
  return useMemo(() => [...rows.values()], [rows]);
}

/** What the filter asks for, in whatever state. */
function useAsked(
  orders: readonly OrderRow[],
  forecasts: Forecasts,
  filter: OrderFilter,
): readonly OrderRow[] {
  const at = now.value;
  return useMemo(
    () => orders.filter(isAsked(filter, forecasts, at)),
    [orders, forecasts, at, address(filter)],
  );
}

interface OrdersProps {
  asked: readonly OrderRow[];
  forecasts: Forecasts;
  filter: OrderFilter;
}

function Orders({ asked, forecasts, filter }: OrdersProps) {
  const before = useRef<readonly string[]>([]);
  const collate = useMemo(
    () => new Intl.Collator(language.value, { numeric: true }).compare,
    [language.value],
  );
  const { state, sort, down } = filter;
  const keys = useMemo(() => {
    const shown = state ? asked.filter(order => order.state === state) : asked;
    before.current = sortedKeys(shown, { sort, down }, forecasts, collate, before.current);
    return before.current;
  }, [asked, state, sort, down, forecasts, collate]);
  return <OrderTable keys={keys} filter={filter} />;
}

interface TilesProps {
  orders: readonly OrderRow[];
  forecasts: Forecasts;
}

function Tiles({ orders, forecasts }: TilesProps) {
  const tasks = useCalmRows("task");
  const devices = useCalmDevices();
  const at = now.value;
  const f = useMemo(
    () => figures(orders, [...tasks.values()], devices, at, forecasts),
    [orders, tasks, devices, at, forecasts],
  );
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
        detail={t("board.willBeLateMore", { n: f.willBeLate })}
        tone={f.late > 0 ? "wrong" : undefined}
        href={`/supervisor?late=any`}
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
