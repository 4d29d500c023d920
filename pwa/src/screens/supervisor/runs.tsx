import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { RunRow, StopStateRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { Arrival, clock } from "../../runs/arrival";
import { RunMap } from "../../runs/run-map";
import { now } from "../../shell";
import { submit, useRows } from "../../sync";
import { announce, Badge, Button, Card, Facts, Progress, type Tone, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { Desk, orderPath } from "../desk/frame";
import { word } from "../desk/words";
import { Fleet } from "./fleet";
import { onMap } from "./fleet-model";
import { PlanRuns } from "./plan-runs";
import { kilometres, PlaceKnown, RunPlan } from "./run-plan";
import { StopMoves } from "./stop-moves";

const RUN_TONES: Readonly<Record<string, Tone>> = {
  loading: "info",
  departed: "info",
  closed: "right",
};
const STOP_TONES: Readonly<Record<string, Tone>> = {
  full: "right",
  partial: "warn",
  refused: "wrong",
  failed: "wrong",
  arrived: "info",
};
const FIRST = ["proposed", "failed", "planning", "accepted"];

/** What waits for a decision, then each run with its stops and how far the driver has come. */
export function Runs(_: RouteProps) {
  const [asking, setAsking] = useState(false);
  const runs = [...useRows("run")].sort((a, b) => b.number - a.number);
  const live = runs.filter(run => run.state !== "closed");
  const stops = useRows("stop_state");
  const plans = [...useRows("run_plan")].sort(
    (a, b) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state) || b.number - a.number,
  );
  return (
    <Desk view="runs">
      <div class="toolbar">
        <Button icon="truck" data-testid="ask-plan" onClick={() => setAsking(true)}>
          {t("runs.plan")}
        </Button>
        {live.length > 1 && (
          <Button data-testid="replan-all" onClick={() => void replan(live, true)}>
            {t("runs.replanAll")}
          </Button>
        )}
      </div>
      {plans.map(plan => (
        <RunPlan key={plan.id} plan={plan} />
      ))}
      <Fleet runs={live} stops={stops} />
      {runs.length === 0 && plans.length === 0 && <p class="empty">{t("supervisor.noRuns")}</p>}
      <div class="grid">
        {runs.map(run => (
          <Run
            key={run.id}
            run={run}
            runs={runs}
            stops={stops.filter(stop => stop.run === run.id).sort((a, b) => a.seq - b.seq)}
          />
        ))}
      </div>
      {asking && <PlanRuns onClose={() => setAsking(false)} />}
    </Desk>
  );
}

interface RunProps {
  run: RunRow;
  runs: readonly RunRow[];
  stops: readonly StopStateRow[];
}

function Run({ run, runs, stops }: RunProps) {
  const people = useRows("person");
  const driver = people.find(({ id }) => id === run.driver)?.name ?? t("desk.nobody");
  const ahead = stops.filter(stop => stop.state === "planned");
  const next = stops.find(stop => stop.state !== "closed")?.id;
  return (
    <Card
      title={t("supervisor.runTitle", { number: run.number })}
      trailing={<Badge tone={RUN_TONES[run.state] ?? "neutral"}>{word("run", run.state)}</Badge>}
    >
      <div class="stack" data-testid={`run-${run.number}`}>
        <p>
          {driver}
          {run.vehicle && <span class="soft"> · {run.vehicle}</span>}
        </p>
        <Progress done={run.closed} total={run.stops} label={t("supervisor.stops")} />
        <Times run={run} />
        {run.state !== "closed" && stops.length > 0 && (
          <RunMap
            lines={[
              {
                id: run.id,
                stops: stops.map(stop => onMap(stop, next, now.value)),
              },
            ]}
            van={seen(run)}
          />
        )}
        <ol class="stops">
          {stops.map(stop => (
            <Stop key={stop.id} stop={stop} ahead={ahead} runs={runs} />
          ))}
        </ol>
        {run.state !== "closed" && <Replan run={run} />}
      </div>
    </Card>
  );
}

function seen({ lat_e7, lon_e7 }: RunRow) {
  return lat_e7 === null || lon_e7 === null ? undefined : { lat_e7, lon_e7 };
}

function Times({ run }: { run: RunRow }) {
  if (run.leaves_at === 0 || run.state === "closed") return null;
  return (
    <Facts
      rows={[
        ...(run.state === "departed" ? [] : ([[t("runs.out"), clock(run.leaves_at)]] as const)),
        ...(run.back_at === null
          ? []
          : ([
              [
                t("runs.back"),
                `${clock(run.back_at)} (${t("runs.backBy", { time: clock(run.back_by) })})`,
              ],
            ] as const)),
        [t("runs.way"), kilometres(run.metres)],
      ]}
    />
  );
}

/** `add`: with what has been packed since. */
async function replan(runs: readonly RunRow[], add: boolean): Promise<void> {
  const asked = { runs: runs.map(({ id }) => id), add };
  const problem = refusalWords(await submit("pod.replan_runs", asked));
  announce(problem ?? t("runs.planning"));
  if (problem) toast(problem, { tone: "wrong" });
}

function Replan({ run }: { run: RunRow }) {
  return (
    <div class="toolbar">
      <Button
        label={t("runs.replanOf", { number: run.number })}
        data-testid={`replan-${run.number}`}
        onClick={() => void replan([run], false)}
      >
        {t("runs.replan")}
      </Button>
      <Button
        icon="plus"
        label={t("runs.addPacked", { number: run.number })}
        data-testid={`add-${run.number}`}
        onClick={() => void replan([run], true)}
      >
        {t("runs.add")}
      </Button>
    </div>
  );
}

interface StopProps {
  stop: StopStateRow;
  ahead: readonly StopStateRow[];
  runs: readonly RunRow[];
}

function Stop({ stop, ahead, runs }: StopProps) {
  const said = stop.outcome ? word("outcome", stop.outcome) : word("stop", stop.state);
  const tone = STOP_TONES[stop.outcome ?? stop.state] ?? "neutral";
  return (
    <li data-testid={`stop-${stop.order_number}`}>
      <span class="seq number">{formatNumber(stop.seq)}</span>
      <span class="main">
        <a href={`#${orderPath(stop.order)}`}>{stop.order_number}</a>
        <span class="soft">{stop.city}</span>
        {stop.reason && <span class="soft">{word("why", stop.reason)}</span>}
        <Arrival stop={stop} />
        {stop.state === "planned" && stop.eta !== null && <PlaceKnown by={stop.placed_by} />}
        {stop.delayed && stop.state === "planned" && (
          <Badge tone="wrong">{t("runs.delayed")}</Badge>
        )}
        {stop.state === "planned" && <StopMoves stop={stop} ahead={ahead} runs={runs} />}
      </span>
      <Badge tone={tone}>{said}</Badge>
    </li>
  );
}
