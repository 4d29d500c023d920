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
import { paperWord } from "../papers/words";
import { hasLeft, loadedOf, loadScan, missing, onPallet, type ParcelScan, type Stop } from "./flow";
import { LeaveOut, TakeAlong, TakeOff } from "./load-dialogs";
import { aboard, type Placed, shortOf } from "./loading";

type Wrong = Extract<ParcelScan, { kind: "wrong" | "not_a_parcel" | "papers" }>;

/** What the driver is asked about, over the list. */
type Asking =
  | { readonly kind: "leave_out" | "take_off"; readonly placed: Placed }
  | { readonly kind: "take_along"; readonly parcel: string };

/** At the dock: each parcel scanned onto the vehicle, what is missing, and then away. */
export function LoadScreen({ params }: RouteProps) {
  const id = params.run ?? "";
  const home = `/driver/run/${encodeURIComponent(id)}`;
  const run = useRow("run", id);
  const stops = useRows("stop", stop => stop.run === id);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  /** The parcel that stopped the driver last. */
  const [odd, setOdd] = useState("");
  /** The pallet that was scanned last: a carton that is not on it is said here. */
  const [pallet, setPallet] = useState("");
  useScans(async scan => {
    setOdd("");
    setPallet("");
    const found = await load(id, scan);
    setWrong(isWrong(found) ? found : null);
    if (found?.kind === "pallet") setPallet(found.pallet);
  });
  const left = missing(stops);
  const short = shortOf(stops).length;
  const { loaded } = loadedOf(stops);
  const total = loadedOf(stops).total - short;
  const number = String(run?.number ?? "");
  const isHere = run !== undefined && !hasLeft(run);
  return (
    <Screen
      title={t("driver.load")}
      subtitle={t("driver.run", { number })}
      back={home}
      actions={
        <>
          <ManualEntry />
          {isHere && (
            <Button
              {...(left.length === 0 && { kind: "primary" as const })}
              icon="truck"
              data-testid="depart"
              disabled={loaded === 0 && left.length > 0}
              onClick={() => navigate(`${home}/depart`)}
            >
              {t("driver.depart")}
            </Button>
          )}
        </>
      }
    >
      <div data-testid="where">
        <Prompt>{t(prompt(left.length, short))}</Prompt>
      </div>
      <Progress done={loaded} total={total} label={t("driver.loaded", { loaded, total })} />
      {pallet && isHere && (
        <PalletAboard
          pallet={pallet}
          stops={stops}
          onPick={placed => setAsking({ kind: "leave_out", placed })}
        />
      )}
      <Missing left={left} onPick={placed => setAsking({ kind: "leave_out", placed })} />
      <DoNotGo stops={stops} />
      {odd && (
        <Button
          icon="plus"
          data-testid="odd"
          onClick={() => setAsking({ kind: "take_along", parcel: odd })}
        >
          {t("loading.takeAlong", { parcel: odd })}
        </Button>
      )}
      <Aboard
        stops={stops}
        {...(isHere && { onPick: (placed: Placed) => setAsking({ kind: "take_off", placed }) })}
      />
      {wrong && (
        <WrongParcel
          wrong={wrong}
          number={number}
          onClose={() => {
            setWrong(null);
            setOdd(wrong.kind === "wrong" && isHere ? wrong.scanned : "");
          }}
        />
      )}
      {asking && (
        <Question
          run={id}
          asking={asking}
          onClose={() => {
            setAsking(null);
            setOdd("");
          }}
        />
      )}
    </Screen>
  );
}

function prompt(left: number, short: number) {
  if (left > 0) return "driver.scanParcel";
  return short > 0 ? "loading.accounted" : "driver.allLoaded";
}

function Question({ run, asking, onClose }: { run: string; asking: Asking; onClose: () => void }) {
  switch (asking.kind) {
    case "leave_out":
      return <LeaveOut run={run} {...asking.placed} onClose={onClose} />;
    case "take_off":
      return <TakeOff run={run} {...asking.placed} onClose={onClose} />;
    case "take_along":
      return <TakeAlong run={run} parcel={asking.parcel} onClose={onClose} />;
  }
}

function goesTo({ stop }: Placed): string {
  return t("driver.parcelFor", { seq: stop.seq, name: stop.name });
}

function Missing({ left, onPick }: { left: readonly Placed[]; onPick: (p: Placed) => void }) {
  if (left.length === 0) return null;
  return (
    <section class="stack">
      <h2 class="section-title">{t("driver.stillMissing")}</h2>
      <p class="soft">{t("loading.missingHint")}</p>
      <List label={t("driver.stillMissing")}>
        {left.map(placed => (
          <ListItem
            key={placed.parcel}
            title={<span data-testid={`missing-${placed.parcel}`}>{placed.parcel}</span>}
            detail={goesTo(placed)}
            onClick={() => onPick(placed)}
          />
        ))}
      </List>
    </section>
  );
}

function DoNotGo({ stops }: { stops: readonly Stop[] }) {
  const short = shortOf(stops);
  if (short.length === 0) return null;
  return (
    <section class="stack">
      <h2 class="section-title">{t("loading.differs")}</h2>
      <List label={t("loading.differs")}>
        {short.map(placed => (
          <ListItem
            key={placed.parcel}
            title={<span data-testid={`short-${placed.parcel}`}>{placed.parcel}</span>}
            detail={`${t(`loading.short_${placed.short}`)} · ${goesTo(placed)}`}
          />
        ))}
      </List>
      <p class="soft">{t("loading.turnsUp")}</p>
    </section>
  );
}

function Aboard({ stops, onPick }: { stops: readonly Stop[]; onPick?: (p: Placed) => void }) {
  const loaded = aboard(stops);
  if (loaded.length === 0) return null;
  return (
    <details class="card" data-testid="aboard">
      <summary>{t("loading.aboard")}</summary>
      <List label={t("loading.aboard")}>
        {loaded.map(placed => (
          <ListItem
            key={placed.parcel}
            title={<span data-testid={`aboard-${placed.parcel}`}>{placed.parcel}</span>}
            detail={goesTo(placed)}
            {...(onPick && { onClick: () => onPick(placed) })}
          />
        ))}
      </List>
    </details>
  );
}

interface PalletAboardProps {
  pallet: string;
  stops: readonly Stop[];
  onPick: (placed: Placed) => void;
}

/** What one scan has just loaded; a tap says that a carton is not on the pallet. */
function PalletAboard({ pallet, stops, onPick }: PalletAboardProps) {
  const cartons = onPallet(stops, pallet).filter(({ stop, parcel }) =>
    stop.parcels.some(({ number, loaded }) => number === parcel && loaded),
  );
  return (
    <section class="card stack" data-testid="pallet-aboard">
      <h2 class="section-title">{t("loading.palletAboard", { n: cartons.length })}</h2>
      <p class="soft">{t("loading.palletHint")}</p>
      <List label={pallet}>
        {cartons.map(placed => (
          <ListItem
            key={placed.parcel}
            title={<span data-testid={`pallet-${placed.parcel}`}>{placed.parcel}</span>}
            detail={goesTo(placed)}
            onClick={() => onPick(placed)}
          />
        ))}
      </List>
    </section>
  );
}

function isWrong(found: Found): found is Wrong {
  return found !== null && found.kind !== "pallet";
}

type Found = Wrong | Extract<ParcelScan, { kind: "pallet" }> | null;

/** Books a right scan; a wrong one comes back for the full-screen stop. */
async function load(run: string, raw: RawScan): Promise<Found> {
  // From the replica and not from the last rendering: the scan before may be newer than that.
  const stops = [...replica.view("stop").value.values()].filter(stop => stop.run === run);
  const found = loadScan(stops, resolve(raw.raw, { year: new Date(raw.at).getFullYear() }));
  if (found.kind === "right") {
    await dispatch("pod.load_parcel", { run, stop: found.stop.id, parcel: found.parcel });
    feedback(isAllLoaded(run) ? "done" : "right");
    return null;
  }
  if (found.kind === "pallet") {
    const { pallet, cartons } = found;
    const parcels = cartons.map(({ stop, parcel }) => ({ stop: stop.id, parcel }));
    await dispatch("pod.load_pallet", { run, pallet, parcels });
    feedback(isAllLoaded(run) ? "done" : "right");
    return found;
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

interface WrongProps {
  wrong: Wrong;
  number: string;
  onClose: () => void;
}

function WrongParcel({ wrong, number, onClose }: WrongProps) {
  if (wrong.kind === "papers")
    return (
      <FullStop
        title={t("loading.papersMissing")}
        expected={t("loading.papersWanted", {
          seq: wrong.stop.seq,
          papers: wrong.stop.papers.map(paperWord).join(", "),
        })}
        scanned={wrong.scanned}
        mend={t("loading.papersMend")}
        onClose={onClose}
      />
    );
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

/** A paper that this build has no word for is shown by its code. */
