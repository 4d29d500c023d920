import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { PlannedRun, PlannedStop, RunPlanRow } from "../../kernel/contract";
import { clock } from "../../runs/arrival";
import { RunMap } from "../../runs/run-map";
import { type Outcome, submit } from "../../sync";
import { announce, Badge, Button, Card, Facts, type Tone, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { orderPath } from "../desk/frame";

type State = "planning" | "proposed" | "failed" | "accepted";
type Why = "asked" | "added" | "late" | "refused" | "failed" | "cancelled" | "hand";
type Not = RunPlanRow["left_out"][number];
type NotWhy = "weight" | "parcels" | "window" | "shift" | "full" | "no_time";

const TONES: Readonly<Record<string, Tone>> = { proposed: "warn", failed: "wrong" };

/** What was worked out, beside what is now; nothing changes before somebody says so. */
export function RunPlan({ plan }: { plan: RunPlanRow }) {
  const numbers = plan.concerns.map(number => formatNumber(number)).join(", ");
  return (
    <Card
      title={t("runs.planTitle", { number: plan.number })}
      trailing={
        <Badge tone={TONES[plan.state] ?? "info"}>{t(`runs.state_${plan.state as State}`)}</Badge>
      }
    >
      <div class="stack" data-testid={`plan-${plan.number}`} data-state={plan.state}>
        <p class="soft">
          {t(`runs.why_${plan.why as Why}`)}
          {numbers && ` · ${t("runs.concerns", { numbers })}`}
        </p>
        {plan.state === "planning" && <p role="status">{t("runs.planning")}</p>}
        {plan.state === "failed" && <p role="alert">{t("runs.failed")}</p>}
        {plan.state === "proposed" && <Proposal plan={plan} />}
        <Decision plan={plan} />
      </div>
    </Card>
  );
}

function Proposal({ plan }: { plan: RunPlanRow }) {
  const lines = plan.runs.map((run, at) => ({
    id: String(at),
    stops: run.stops.map((stop, index) => ({ ...stop, number: index + 1 })),
  }));
  return (
    <>
      <Comparison plan={plan} />
      <RunMap lines={lines} />
      <p class="soft">{t(plan.by === "matrix" ? "runs.measured" : "runs.guessed")}</p>
      <div class="grid">
        {plan.runs.map((run, at) => (
          <Planned key={run.number ?? `new-${at}`} run={run} />
        ))}
      </div>
      <LeftOut orders={plan.left_out} />
    </>
  );
}

function Comparison({ plan }: { plan: RunPlanRow }) {
  const { now_m, metres, moved } = plan;
  const percent = now_m > 0 ? Math.round(100 * (1 - metres / now_m)) : 0;
  const change = percent < 0 ? t("runs.longer", { n: -percent }) : t("runs.saving", { n: percent });
  return (
    <Facts
      rows={[
        ...(now_m > 0 ? ([[t("runs.before"), kilometres(now_m)]] as const) : []),
        [
          now_m > 0 ? t("runs.after") : t("runs.way"),
          `${kilometres(metres)}${percent === 0 ? "" : ` (${change})`}`,
        ],
        ...(now_m > 0
          ? ([[t("runs.moved"), <span data-testid="moved">{formatNumber(moved)}</span>]] as const)
          : []),
      ]}
    />
  );
}

export function kilometres(metres: number): string {
  const n = formatNumber(metres / 1000, { maximumFractionDigits: metres < 10_000 ? 1 : 0 });
  return t("runs.kilometres", { n });
}

function Planned({ run }: { run: PlannedRun }) {
  const title =
    run.number === null
      ? t("runs.newRun", { vehicle: run.vehicle })
      : t("runs.again", { number: run.number });
  return (
    <section class="stack">
      <h3 class="section-title">{title}</h3>
      <Facts
        rows={[
          [t("runs.out"), clock(run.leaves)],
          [
            t("runs.back"),
            `${clock(run.back)} (${t("runs.backBy", { time: clock(run.back_by) })})`,
          ],
          [t("runs.way"), kilometres(run.metres)],
          [t("runs.load"), loadWords(run)],
        ]}
      />
      <ol class="stops">
        {run.stops.map((stop, index) => (
          <Stop key={stop.shipment} stop={stop} seq={index + 1} />
        ))}
      </ol>
    </section>
  );
}

function loadWords({ weight_g, room_g, parcels, room_parcels }: PlannedRun): string {
  const kg = (grams: number) => formatNumber(grams / 1000, { maximumFractionDigits: 0 });
  return t("runs.loadOf", {
    kg: kg(weight_g),
    room: kg(room_g),
    parcels,
    places: room_parcels,
  });
}

function Stop({ stop, seq }: { stop: PlannedStop; seq: number }) {
  return (
    <li data-testid={`planned-${stop.order_number}`}>
      <span class="seq number">{formatNumber(seq)}</span>
      <span class="main">
        <a href={`#${orderPath(stop.order)}`}>{stop.order_number}</a>
        <span class="soft">
          {[stop.city, t("runs.arrivesAt", { time: clock(stop.at) })].filter(Boolean).join(" · ")}
        </span>
        <PlaceKnown by={stop.placed_by} />
      </span>
      <Before stop={stop} />
    </li>
  );
}

function Before({ stop }: { stop: PlannedStop }) {
  if (stop.was === 0)
    return <Badge tone="info">{t(stop.moved ? "runs.changes" : "runs.fresh")}</Badge>;
  if (stop.moved) return <Badge tone="warn">{t("runs.was", { n: stop.was })}</Badge>;
  return null;
}

/** Says where the place of a stop is only guessed. */
export function PlaceKnown({ by }: { by: string }) {
  if (by === "order" || by === "address") return null;
  return <span class="soft">{t(by === "" ? "runs.placeUnknown" : "runs.placeAbout")}</span>;
}

function LeftOut({ orders }: { orders: readonly Not[] }) {
  if (orders.length === 0) return null;
  return (
    <section class="stack" data-testid="left-out">
      <h3 class="section-title">{t("runs.leftOut")}</h3>
      <p class="soft">{t("runs.leftOutHint")}</p>
      <ul class="stops">
        {orders.map(({ order, order_number, why }) => (
          <li key={order}>
            <span class="main">
              <a href={`#${orderPath(order)}`}>{order_number}</a>
              <span>{t(`runs.not_${why as NotWhy}`)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decision({ plan }: { plan: RunPlanRow }) {
  const [busy, setBusy] = useState(false);
  const act = async (said: string, work: Promise<Outcome>) => {
    setBusy(true);
    const problem = refusalWords(await work);
    setBusy(false);
    announce(problem ?? said);
    toast(problem ?? said, { tone: problem ? "wrong" : "right" });
  };
  const body = { plan: plan.id };
  if (plan.state === "accepted")
    return (
      <div class="toolbar">
        <Button
          icon="undo"
          label={t("runs.undoOf", { number: plan.number })}
          data-testid="undo-plan"
          disabled={busy}
          onClick={() => void act(t("runs.undone"), submit("pod.undo_run_plan", body))}
        >
          {t("runs.undo")}
        </Button>
      </div>
    );
  return (
    <div class="toolbar">
      {plan.state === "proposed" && plan.runs.length > 0 && (
        <Button
          kind="primary"
          data-testid="accept-plan"
          disabled={busy}
          onClick={() => void act(t("runs.accepted"), submit("pod.accept_run_plan", body))}
        >
          {t("runs.accept")}
        </Button>
      )}
      <Button
        data-testid="drop-plan"
        disabled={busy}
        onClick={() => void act(t("runs.dropped"), submit("pod.drop_run_plan", body))}
      >
        {t(plan.concerns.length > 0 ? "runs.drop" : "runs.dropNew")}
      </Button>
    </div>
  );
}
