import "./wall.css";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatDuration, formatNumber, formatTime, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { navigate, type RouteProps } from "../../router";
import { connection, now } from "../../shell";
import { loading, serverSeen, useCalmRows } from "../../sync";
import { type Figures, figures } from "../desk/board";
import { useCalmDevices } from "../desk/device-table";
import { byState, type Forecasts, STATES } from "../desk/open-orders";
import { word } from "../desk/words";
import { Paces, RunsOut, Waves } from "./progress-panel";
import { useWakeLock } from "./use-wake-lock";
import { type Freshness, freshness, type LateOrder, lateOrders } from "./wall-model";

/** The site for a screen on the wall: read from afar, nothing to touch, never a page to turn. */
export function Wall(_: RouteProps) {
  useWakeLock();
  useEscape();
  const fresh = useFreshness();
  const rows = useCalmRows("order");
  const orders = useMemo(() => [...rows.values()], [rows]);
  const forecasts = useCalmRows("forecast");
  return (
    <main class={`wall ${fresh.is}`} data-testid="wall">
      <Head fresh={fresh} />
      <Numbers orders={orders} forecasts={forecasts} />
      <div class="wall-columns">
        <Late late={lateOrders(orders, forecasts, now.value)} />
        <Standing />
      </div>
      <StateBar orders={orders} />
    </main>
  );
}

/** The only way out, as it has no controls. */
function useEscape(): void {
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") navigate("/supervisor");
    };
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, []);
}

interface Fresh {
  is: Freshness;
  heardAt: number | null;
}

/** By this screen's own clock: a server whose clock stands wrong is no less alive. */
function useFreshness(): Fresh {
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const said = serverSeen.value;
  const first = useRef(said);
  useEffect(() => {
    if (said !== first.current || connection.peek().online) setHeardAt(Date.now());
  }, [said]);
  return { is: freshness(connection.value.online, heardAt, now.value), heardAt };
}

function Head({ fresh: { is, heardAt } }: { fresh: Fresh }) {
  return (
    <header>
      <h1>{t("board.wallTitle")}</h1>
      {is === "live" ? (
        <p class="live">{t("board.live", { time: formatTime(now.value) })}</p>
      ) : (
        <p role="alert" class="stale-words">
          {heardAt === null || loading.value
            ? t("board.notLiveYet")
            : t("board.notLive", { time: formatTime(heardAt) })}
        </p>
      )}
    </header>
  );
}

interface Shown {
  orders: readonly OrderRow[];
  forecasts: Forecasts;
}

function Numbers({ orders, forecasts }: Shown) {
  const tasks = useCalmRows("task");
  const devices = useCalmDevices();
  const f: Figures = figures(orders, [...tasks.values()], devices, now.value, forecasts);
  return (
    <dl class="numbers">
      <Big name={t("supervisor.lateOrders")} tone={f.late > 0 ? "wrong" : ""} n={f.late} />
      <Big name={t("board.willBeLate")} tone={f.willBeLate > 0 ? "warn" : ""} n={f.willBeLate} />
      <Big name={t("board.openOrders")} n={f.open} />
      <Big
        name={t("supervisor.linesPicked")}
        n={f.picked === null ? "–" : `${formatNumber(f.picked)}\u00a0%`}
      />
      <Big name={t("supervisor.tasksInHand")} n={f.tasksHeld} />
      <Big
        name={t("board.online")}
        n={`${formatNumber(f.online)} / ${formatNumber(f.devices)}`}
        {...(f.unsent > 0 && {
          about: t("common.unsent", {
            n: f.unsent,
            age: formatDuration(now.value - (f.oldest ?? now.value)),
          }),
        })}
      />
    </dl>
  );
}

interface BigProps {
  name: string;
  n: number | string;
  about?: string;
  tone?: string;
}

function Big({ name, n, about, tone = "" }: BigProps) {
  return (
    <div class={tone}>
      <dt>{name}</dt>
      <dd data-testid={`wall-${name}`}>{typeof n === "number" ? formatNumber(n) : n}</dd>
      {about && <dd class="about">{about}</dd>}
    </div>
  );
}

/** As many as fit, in columns: the rest is counted, and is less late than what is shown. */
function Late({ late }: { late: readonly LateOrder[] }) {
  const list = useRef<HTMLOListElement>(null);
  const room = useRoom(list, late.length > 0);
  const rest = late.length > room ? late.length - room + 1 : 0;
  return (
    <section class="late" aria-label={t("board.late_any")}>
      <h2>{t("board.late_any")}</h2>
      {late.length === 0 && <p class="well">{t("board.nothingLate")}</p>}
      <ol ref={list}>
        {late.slice(0, late.length - rest).map(one => (
          <LateLine key={one.order.id} one={one} />
        ))}
        {rest > 0 && <li class="more">{t("board.moreLate", { n: rest })}</li>}
      </ol>
    </section>
  );
}

function LateLine({ one: { order, standing } }: { one: LateOrder }) {
  const age = formatDuration(standing.ms);
  const late = standing.kind === "late";
  return (
    <li class={late ? "wrong" : "warn"} data-testid={`late-${order.number}`}>
      <strong>{order.number}</strong>
      <span>{word("state", order.state)}</span>
      <strong>{late ? t("desk.lateBy", { age }) : t("board.willBeLateBy", { age })}</strong>
    </li>
  );
}

/** How many lines its box has room for. */
function useRoom(list: { current: HTMLElement | null }, some: boolean): number {
  const [room, setRoom] = useState(1);
  useEffect(() => {
    const box = list.current;
    if (!box || typeof ResizeObserver === "undefined") return undefined;
    const measure = () => {
      const style = getComputedStyle(box);
      const columns = style.gridTemplateColumns.split(" ").length;
      const line = Number.parseFloat(style.getPropertyValue("grid-auto-rows")) || 1;
      const gap = Number.parseFloat(style.rowGap) || 0;
      setRoom(Math.max(1, columns * Math.floor((box.clientHeight + gap) / (line + gap))));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, [some]);
  return room;
}

function Standing() {
  return (
    <div class="standing">
      <section>
        <h2>{t("board.picking")}</h2>
        <Paces />
      </section>
      <section>
        <h2>{t("board.waves")}</h2>
        <Waves most={3} />
      </section>
      <section>
        <h2>{t("board.runs")}</h2>
        <RunsOut most={3} />
      </section>
    </div>
  );
}

function StateBar({ orders }: { orders: readonly OrderRow[] }) {
  const counts = byState(orders);
  return (
    <ul class="state-bar">
      {STATES.map(state => (
        <li key={state}>
          <strong>{formatNumber(counts.get(state) ?? 0)}</strong>
          <span>{word("state", state)}</span>
        </li>
      ))}
    </ul>
  );
}
