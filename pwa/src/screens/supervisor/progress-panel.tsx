import "./progress-panel.css";
import { formatNumber, t } from "../../i18n";
import type { PaceRow, ProgressRow, RunRow, StopStateRow } from "../../kernel/contract";
import { clock } from "../../runs/arrival";
import { now } from "../../shell";
import { useCalmRows } from "../../sync";
import { Badge, Card } from "../../ui";
import { word } from "../desk/words";
import { lateStops, openWaves, percent, runsOut } from "./progress";

/** How far the work is, and when it will be done: by kind of work, by wave, by run. */
export function ProgressPanel() {
  return (
    <div class="grid progress-panel">
      <Card title={t("board.picking")}>
        <Paces />
      </Card>
      <Card title={t("board.waves")}>
        <Waves />
      </Card>
      <Card title={t("board.runs")}>
        <RunsOut />
      </Card>
    </div>
  );
}

const MOST = 4;
const OVER: ReadonlySet<string> = new Set(["done", "cancelled"]);

export function Paces() {
  const paces = [...useCalmRows("pace").values()].filter(({ left }) => left > 0);
  const waits = [...useCalmRows("task").values()].some(({ state }) => !OVER.has(state));
  if (paces.length === 0)
    return <p class="soft">{t(waits ? "board.reckoning" : "board.nothingLeft")}</p>;
  return (
    <ul class="facts-list">
      {paces
        .sort((a, b) => b.left - a.left)
        .map(pace => (
          <PaceLine key={pace.kind} pace={pace} />
        ))}
    </ul>
  );
}

function PaceLine({ pace: { kind, left, per_min, at, lines, minutes } }: { pace: PaceRow }) {
  const known = per_min !== null && at !== null;
  return (
    <li data-testid={`pace-${kind}`} title={known ? t("board.learned", { lines, minutes }) : ""}>
      <strong>{word("kind", kind)}</strong>
      <span>{t("board.left", { n: left })}</span>
      {known ? (
        <>
          <span>{t("board.perMin", { n: formatNumber(per_min) })}</span>
          <strong>{t("board.doneAt", { time: clock(at) })}</strong>
        </>
      ) : (
        <span class="soft">{t("board.tooLittle")}</span>
      )}
    </li>
  );
}

export function Waves({ most = MOST }: { most?: number }) {
  const waves = openWaves([...useCalmRows("progress").values()]);
  if (waves.length === 0) return <p class="soft">{t("board.noWaves")}</p>;
  return (
    <ul class="facts-list">
      {waves.slice(0, most).map(wave => (
        <WaveLine key={wave.number} wave={wave} />
      ))}
    </ul>
  );
}

function WaveLine({ wave }: { wave: ProgressRow }) {
  return (
    <li data-testid={`progress-${wave.number}`}>
      <strong>{t("supervisor.waveTitle", { number: wave.number })}</strong>
      <Share done={wave.done} of={wave.lines} />
      <strong>
        {wave.at === null ? t("board.notKnown") : t("board.pickedAt", { time: clock(wave.at) })}
      </strong>
    </li>
  );
}

function Share({ done, of }: { done: number; of: number }) {
  const share = percent(done, of);
  return (
    <span class="share">
      <span class="line" aria-hidden="true">
        <span style={{ width: `${share}%` }} />
      </span>
      {t("board.percentDone", { n: share })}
    </span>
  );
}

export function RunsOut({ most = MOST }: { most?: number }) {
  const runs = runsOut([...useCalmRows("run").values()]);
  const stops = [...useCalmRows("stop_state").values()];
  if (runs.length === 0) return <p class="soft">{t("board.noRuns")}</p>;
  return (
    <ul class="facts-list">
      {runs.slice(0, most).map(run => (
        <RunLine key={run.id} run={run} stops={stops} />
      ))}
    </ul>
  );
}

function RunLine({ run, stops }: { run: RunRow; stops: readonly StopStateRow[] }) {
  const late = lateStops(run, stops, now.value);
  return (
    <li data-testid={`out-${run.number}`}>
      <strong>{t("supervisor.runTitle", { number: run.number })}</strong>
      <span>{t("board.stopsOf", { done: run.closed, stops: run.stops })}</span>
      {run.back_at !== null && <span>{t("board.backAt", { time: clock(run.back_at) })}</span>}
      {late > 0 ? (
        <Badge tone="wrong">{t("board.lateStops", { n: late })}</Badge>
      ) : (
        <span class="soft">{t("board.onTime")}</span>
      )}
    </li>
  );
}
