import { formatNumber, t } from "../../i18n";
import type { RunRow, StopStateRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { useRows } from "../../sync";
import { Badge, Card, Progress, type Tone } from "../../ui";
import { Desk, orderPath } from "../desk/frame";
import { word } from "../desk/words";

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

/** Each run with its stops and how far the driver has come. */
export function Runs(_: RouteProps) {
  const runs = [...useRows("run")].sort((a, b) => b.number - a.number);
  const stops = useRows("stop_state");
  return (
    <Desk view="runs">
      {runs.length === 0 && <p class="empty">{t("supervisor.noRuns")}</p>}
      <div class="grid">
        {runs.map(run => (
          <Run key={run.id} run={run} stops={stops.filter(stop => stop.run === run.id)} />
        ))}
      </div>
    </Desk>
  );
}

function Run({ run, stops }: { run: RunRow; stops: readonly StopStateRow[] }) {
  const people = useRows("person");
  const driver = people.find(({ id }) => id === run.driver)?.name ?? t("desk.nobody");
  return (
    <Card
      title={t("supervisor.runTitle", { number: run.number })}
      trailing={<Badge tone={RUN_TONES[run.state] ?? "neutral"}>{word("run", run.state)}</Badge>}
    >
      <div class="stack">
        <p>
          {driver}
          {run.vehicle && <span class="soft"> · {run.vehicle}</span>}
        </p>
        <Progress done={run.closed} total={run.stops} label={t("supervisor.stops")} />
        <ol class="stops">
          {[...stops]
            .sort((a, b) => a.seq - b.seq)
            .map(stop => (
              <Stop key={stop.id} stop={stop} />
            ))}
        </ol>
      </div>
    </Card>
  );
}

function Stop({ stop }: { stop: StopStateRow }) {
  const said = stop.outcome ? word("outcome", stop.outcome) : word("stop", stop.state);
  const tone = STOP_TONES[stop.outcome ?? stop.state] ?? "neutral";
  return (
    <li>
      <span class="seq number">{formatNumber(stop.seq)}</span>
      <span class="main">
        <a href={`#${orderPath(stop.order)}`}>{stop.order_number}</a>
        <span class="soft">{stop.city}</span>
        {stop.reason && <span class="soft">{word("why", stop.reason)}</span>}
      </span>
      <Badge tone={tone}>{said}</Badge>
    </li>
  );
}
