import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { dropDeparture, signatureOf } from "../../pod/departure";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { dispatch, prepareBlob, useRow, useRows } from "../../sync";
import {
  Button,
  Choices,
  Field,
  Icon,
  type Photo,
  PhotoButton,
  PhotoStrip,
  Screen,
  SignaturePad,
  toast,
} from "../../ui";
import { hasLeft, loadedOf, missing, type Run } from "./flow";
import { type DepartLack, departLack, type LoadRules, loadRules } from "./loading";
import { type Departing, useDeparture } from "./use-departure";

const MOST_PHOTOS = 6;

/** The last look before the road: plate, signature, photo, and what does not go along. */
export function DepartScreen({ params }: RouteProps) {
  const id = params.run ?? "";
  const run = useRow("run", id);
  const departing = useDeparture(id);
  const back = `/driver/run/${encodeURIComponent(id)}`;
  if (!run || !departing) return <Screen title={t("common.loading")} back={`${back}/load`} />;
  return <Leaving run={run} departing={departing} back={back} />;
}

function Leaving({ run, departing, back }: { run: Run; departing: Departing; back: string }) {
  const stops = useRows("stop", stop => stop.run === run.id);
  const rules = loadRules(useRow("setting", "loading")?.value);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const { departure, change } = departing;
  const entered = { ...departure, vehicle: departure.vehicle || run.vehicle };
  const lack = departLack({ ...entered, photos: entered.photos.length }, rules);
  const left = missing(stops).length;
  const go = async () => {
    setTried(true);
    if (lack) return feedback("wrong");
    setBusy(true);
    const gone = await leave(run.id, entered, rules).catch(() => false);
    setBusy(false);
    feedback(gone ? "done" : "wrong");
    if (gone) navigate(back, { replace: true });
    else toast(t("loading.notSaved"), { tone: "wrong" });
  };
  return (
    <Screen
      title={t("loading.departTitle")}
      subtitle={t("driver.run", { number: String(run.number) })}
      back={`${back}/load`}
      actions={
        <>
          {tried && lack && <Lacking lack={lack} />}
          {!hasLeft(run) && (
            <Button
              kind={left > 0 ? "danger" : "primary"}
              icon="truck"
              data-testid="depart-now"
              disabled={busy}
              onClick={() => void go()}
            >
              {t(left > 0 ? "driver.departAnyway" : "driver.departNow")}
            </Button>
          )}
        </>
      }
    >
      <p>{t("driver.loaded", loadedOf(stops))}</p>
      {left > 0 && (
        <p role="alert">
          <strong>{t("driver.departMissingTitle", { n: left })}</strong> {t("driver.departMissing")}
        </p>
      )}
      <Vehicle plates={rules.plates} value={entered.vehicle} change={change} />
      {rules.signature !== "off" && (
        <SignaturePad
          strokes={departure.strokes}
          onChange={strokes => void change({ strokes }).catch(() => {})}
          label={t("loading.signHere")}
        />
      )}
      {rules.photo !== "off" && <LoadPhoto departing={departing} must={rules.photo === "must"} />}
    </Screen>
  );
}

interface Entered {
  readonly vehicle: string;
  readonly strokes: Departing["departure"]["strokes"];
  readonly photos: Departing["departure"]["photos"];
}

/** On the disk, with its evidence, when it resolves. */
async function leave(run: string, entered: Entered, rules: LoadRules): Promise<boolean> {
  const signed = rules.signature === "off" ? null : await signatureOf(entered.strokes);
  const photos = rules.photo === "off" ? [] : entered.photos;
  await dispatch(
    "pod.depart",
    {
      run,
      vehicle: entered.vehicle.trim(),
      signature: signed?.ref ?? null,
      photos: photos.map(({ ref }) => ref),
    },
    [...(signed ? [signed] : []), ...photos],
  );
  await dropDeparture(run).catch(() => {});
  return true;
}

function Lacking({ lack }: { lack: DepartLack }) {
  return (
    <div class="field">
      <p class="error" role="alert" data-testid={`lack-${lack}`}>
        <Icon name="stop" />
        <span>{t(`loading.lack_${lack}`)}</span>
      </p>
    </div>
  );
}

interface VehicleProps {
  plates: readonly string[];
  value: string;
  change: Departing["change"];
}

function Vehicle({ plates, value, change }: VehicleProps) {
  const set = (vehicle: string) => void change({ vehicle }).catch(() => {});
  return (
    <>
      {plates.length > 0 && (
        <Choices
          label={t("loading.plates")}
          value={value}
          options={plates.map(plate => ({ value: plate, label: plate }))}
          onChange={set}
        />
      )}
      <Field
        label={t("driver.vehicle")}
        hint={t("driver.vehicleHint")}
        value={value}
        onInput={set}
        maxLength={20}
        name="vehicle"
        required
      />
    </>
  );
}

function LoadPhoto({ departing, must }: { departing: Departing; must: boolean }) {
  const { photos, noPhoto } = departing.departure;
  const shown = photos.map(
    ({ bytes }): Photo => ({ bytes, type: "image/jpeg", width: 0, height: 0 }),
  );
  const take = async (photo: Photo) => {
    const blob = await prepareBlob(photo.bytes, photo.type, "photo");
    try {
      await departing.change({ photos: [...photos, blob] });
      feedback("right");
    } catch {
      toast(t("loading.photoFull"), { tone: "wrong" });
      await departing.change({ noPhoto: true }).catch(() => {});
    }
  };
  return (
    <section class="stack">
      <h2 class="section-title">{t("loading.photo")}</h2>
      <p class="soft">
        {t(noPhoto ? "loading.withoutPhotoHint" : must ? "loading.photoMust" : "loading.photoMay")}
      </p>
      <PhotoStrip photos={shown} />
      <PhotoButton onPhoto={take} disabled={photos.length >= MOST_PHOTOS} />
      {must && photos.length === 0 && !noPhoto && (
        <Button
          data-testid="no-photo"
          onClick={() => void departing.change({ noPhoto: true }).catch(() => {})}
        >
          {t("loading.withoutPhoto")}
        </Button>
      )}
    </section>
  );
}
