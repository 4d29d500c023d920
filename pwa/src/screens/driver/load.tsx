import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch, replica, useRow, useRows } from "../../sync";
import {
  Button,
  FullStop,
  List,
  ListItem,
  ManualEntry,
  Progress,
  Prompt,
  Screen,
  toast,
} from "../../ui";
import { DepartDialog } from "./depart";
import { hasLeft, loadedOf, loadScan, missing, type ParcelScan } from "./flow";

type Wrong = Extract<ParcelScan, { kind: "wrong" | "not_a_parcel" }>;

/** At the dock: each parcel scanned onto the vehicle, what is missing, and then away. */
export function LoadScreen({ params }: RouteProps) {
  const id = params.run ?? "";
  const home = `/driver/run/${encodeURIComponent(id)}`;
  const run = useRow("run", id);
  const stops = useRows("stop", stop => stop.run === id);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [leaving, setLeaving] = useState(false);
  useScans(async scan => setWrong(await load(id, scan)));
  const left = missing(stops);
  const { loaded, total } = loadedOf(stops);
  const number = String(run?.number ?? "");
  return (
    <Screen
      title={t("driver.load")}
      subtitle={t("driver.run", { number })}
      back={home}
      actions={
        <>
          <ManualEntry />
          {run && !hasLeft(run) && (
            <Button
              {...(left.length === 0 && { kind: "primary" as const })}
              icon="truck"
              data-testid="depart"
              disabled={loaded === 0}
              onClick={() => setLeaving(true)}
            >
              {t("driver.depart")}
            </Button>
          )}
        </>
      }
    >
      <div data-testid="where">
        <Prompt>{t(left.length > 0 ? "driver.scanParcel" : "driver.allLoaded")}</Prompt>
      </div>
      <Progress done={loaded} total={total} label={t("driver.loaded", { loaded, total })} />
      {left.length > 0 && (
        <section class="stack">
          <h2 class="section-title">{t("driver.stillMissing")}</h2>
          <List label={t("driver.stillMissing")}>
            {left.map(({ stop, parcel }) => (
              <ListItem
                key={parcel}
                title={<span data-testid={`missing-${parcel}`}>{parcel}</span>}
                detail={t("driver.parcelFor", { seq: stop.seq, name: stop.name })}
              />
            ))}
          </List>
        </section>
      )}
      {wrong && <WrongParcel wrong={wrong} number={number} onClose={() => setWrong(null)} />}
      {leaving && run && (
        <DepartDialog
          run={run}
          missing={left.length}
          onClose={() => setLeaving(false)}
          onGone={() => navigate(home, { replace: true })}
        />
      )}
    </Screen>
  );
}

/** Books a right scan; a wrong one comes back for the full-screen stop. */
async function load(run: string, raw: RawScan): Promise<Wrong | null> {
  // From the replica and not from the last rendering: the scan before may be newer than that.
  const stops = [...replica.view("stop").value.values()].filter(stop => stop.run === run);
  const found = loadScan(stops, resolve(raw.raw, { year: new Date(raw.at).getFullYear() }));
  if (found.kind === "right") {
    await dispatch("pod.load_parcel", { run, stop: found.stop.id, parcel: found.parcel });
    feedback(isAllLoaded(run) ? "done" : "right");
    return null;
  }
  if (found.kind === "again") {
    feedback("right");
    toast(t("driver.loadedAlready", { parcel: found.parcel }));
    return null;
  }
  feedback("wrong");
  return found;
}

function isAllLoaded(run: string): boolean {
  const stops = [...replica.view("stop").value.values()].filter(stop => stop.run === run);
  return missing(stops).length === 0;
}

function WrongParcel({
  wrong,
  number,
  onClose,
}: {
  wrong: Wrong;
  number: string;
  onClose: () => void;
}) {
  const isParcel = wrong.kind === "wrong";
  return (
    <FullStop
      title={t(isParcel ? "driver.notOnRun" : "driver.notAParcel")}
      expected={t("driver.aParcelOfRun", { number })}
      scanned={wrong.scanned}
      mend={t(isParcel ? "driver.notOnRunMend" : "driver.notAParcelMend")}
      onClose={onClose}
    />
  );
}
