import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { Arrival, clock } from "../../runs/arrival";
import { RunMap } from "../../runs/run-map";
import { loading, useRow, useRows } from "../../sync";
import { Badge, Button, Facts, List, ListItem, Progress, Screen } from "../../ui";
import { TrayButton } from "../floor/tray-button";
import { BringBack } from "./bring-back";
import { DoneHere } from "./done-here";
import { hasLeft, inOrder, loadedOf, nextStop, type Run, type Stop } from "./flow";
import { RunFinished } from "./run-finished";
import { useProofs } from "./use-proofs";
import { useRoadPosition } from "./use-road-position";
import { address, runState, stopState } from "./words";

/** A run: its state, its vehicle, and its stops in the order of the drive. */
export function RunScreen({ params }: RouteProps) {
  const id = params.run ?? "";
  const run = useRow("run", id);
  const stops = useRows("stop", stop => stop.run === id);
  const proofs = useProofs(proof => proof.run === id);
  if (!run && loading.value) return <Screen title={t("common.loading")} back="/driver" />;
  const isOver = stops.length > 0 && stops.every(stop => stop.state === "closed");
  if (run && isOver && run.state !== "closed" && stops.some(stop => stop.back.length > 0))
    return <BringBack run={run} stops={stops} />;
  if (!run || isOver) return proofs.length > 0 ? <RunFinished proofs={proofs} /> : <RunGone />;
  return <Underway run={run} stops={inOrder(stops)} />;
}

function Underway({ run, stops }: { run: Run; stops: readonly Stop[] }) {
  const { loaded, total } = loadedOf(stops);
  const closed = stops.filter(stop => stop.state === "closed").length;
  const left = hasLeft(run);
  useRoadPosition(left);
  const next = nextStop(stops);
  return (
    <Screen
      title={t("driver.run", { number: String(run.number) })}
      subtitle={runState(run)}
      back="/driver"
      trailing={<TrayButton />}
      actions={<RunActions run={run} loaded={loaded} next={left ? next : undefined} />}
    >
      <Progress done={left ? closed : loaded} total={left ? stops.length : total} />
      <Facts
        rows={[
          [t("driver.vehicle"), run.vehicle || t("common.none")],
          [
            t("driver.parcels"),
            <span key="loaded" data-testid="loaded">
              {t("driver.loaded", { loaded, total })}
            </span>,
          ],
          ...(run.back_at ? ([[t("runs.back"), clock(run.back_at)]] as const) : []),
        ]}
      />
      <MapOfRun run={run} stops={stops} next={next} />
      <List label={t("driver.run", { number: String(run.number) })}>
        {stops.map(stop => (
          <StopItem key={stop.id} stop={stop} left={left} current={left && stop === next} />
        ))}
      </List>
      <DoneHere where={proof => proof.run === run.id} />
    </Screen>
  );
}

/** Folded away until it is asked for: the list is what is read on the road. */
function MapOfRun({
  run,
  stops,
  next,
}: {
  run: Run;
  stops: readonly Stop[];
  next?: Stop | undefined;
}) {
  if (stops.every(({ lat_e7 }) => lat_e7 === null)) return null;
  const marks = stops.map(stop => ({
    ...stop,
    number: stop.seq,
    done: stop.state === "closed",
    next: stop === next,
  }));
  return (
    <details class="card" data-testid="map">
      <summary>{t("runs.map")}</summary>
      <RunMap lines={[{ id: run.id, stops: marks }]} />
    </details>
  );
}

function StopItem({ stop, left, current }: { stop: Stop; left: boolean; current: boolean }) {
  const { tone, word } = stopState(stop, left);
  const { loaded, total } = loadedOf([stop]);
  return (
    <ListItem
      leading={<span class="driver-seq">{stop.seq}</span>}
      title={<span data-testid={`stop-${stop.order_number}`}>{stop.name}</span>}
      detail={
        <>
          {address(stop)}
          <span class="driver-facts">
            <Badge tone={tone}>{word}</Badge>
            <span>{t("driver.parcelsOf", { loaded, total })}</span>
            <Arrival stop={stop} />
          </span>
        </>
      }
      current={current}
      onClick={() => openStop(stop)}
    />
  );
}

export function openStop(stop: Stop): void {
  navigate(`/driver/stop/${encodeURIComponent(stop.id)}`);
}

interface RunActionsProps {
  run: Run;
  loaded: number;
  next: Stop | undefined;
}

function RunActions({ run, loaded, next }: RunActionsProps) {
  if (next)
    return (
      <Button kind="primary" icon="next" data-testid="next-stop" onClick={() => openStop(next)}>
        {t("driver.toNext", { name: next.name })}
      </Button>
    );
  if (hasLeft(run)) return null;
  return (
    <Button
      kind="primary"
      icon="box"
      data-testid="load"
      onClick={() => navigate(`/driver/run/${encodeURIComponent(run.id)}/load`)}
    >
      {t(loaded > 0 ? "driver.continueLoading" : "driver.load")}
    </Button>
  );
}

/** Finished on another day, or given to somebody else. */
function RunGone() {
  return (
    <Screen
      title={t("driver.runGone")}
      actions={
        <Button
          kind="primary"
          data-testid="to-runs"
          onClick={() => navigate("/driver", { replace: true })}
        >
          {t("driver.myRuns")}
        </Button>
      }
    >
      <p role="alert">{t("driver.goneHint")}</p>
    </Screen>
  );
}
