import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { deliver, prepareToDeliver } from "../../pod/deliver";
import type { KeptPhoto } from "../../pod/draft";
import { here, type NoPosition, refreshPosition } from "../../pod/position";
import { handedOver } from "../../pod/record";
import { feedback } from "../../scan/feedback";
import { NotSaved } from "../../sync";
import { Badge, Button, Card, Facts, Prompt, Screen } from "../../ui";
import { firstLack, openExtras, signedAt } from "./flow";
import { relaxWord } from "./relax";
import type { StepProps } from "./step";
import { CLOSED, OUTCOME_TONE, reasonWord, signedWords } from "./words";

/** All of it once more before it is sealed. */
export function CheckStep(props: StepProps) {
  const { stop, filled, photos, subtitle, back, corrects, change, onDone } = props;
  const [busy, setBusy] = useState(false);
  const [full, setFull] = useState(false);
  useEffect(() => {
    refreshPosition();
    void prepareToDeliver(filled.strokes);
  }, []);
  const finish = async (evidence: readonly KeptPhoto[]) => {
    const lacking = firstLack(stop, filled);
    if (lacking) return change({ step: lacking });
    setBusy(true);
    try {
      const shown = signedWords(stop, filled);
      await deliver({ stop, entered: filled, photos: evidence, shown, corrects });
      feedback("done");
      onDone();
    } catch (error) {
      feedback("wrong");
      setFull(error instanceof NotSaved && error.reason === "no_space");
      setBusy(false);
    }
  };
  return (
    <Screen
      title={t(corrects ? "driver.checkCorrection" : "driver.checkTitle")}
      subtitle={subtitle}
      back={back}
      actions={
        <Button
          kind="primary"
          icon="flag"
          data-testid="finish"
          disabled={busy}
          onClick={() => void finish(photos)}
        >
          {t(busy ? "driver.finishing" : "driver.finish")}
        </Button>
      }
    >
      {full && (
        <Card>
          <div class="stack">
            <Prompt icon="warn">{t("driver.notSavedPhoto")}</Prompt>
            <Button data-testid="save-without" onClick={() => void finish([])}>
              {t("driver.saveWithoutPhotos")}
            </Button>
          </div>
        </Card>
      )}
      <Told {...props} />
      <Extras {...props} />
    </Screen>
  );
}

/** What the policy leaves to the driver: one tap opens its step. */
function Extras({ policy, steps, draft, change }: StepProps) {
  return (
    <>
      {openExtras(policy, steps).map(method => (
        <Button
          key={method}
          data-testid={`add-${method}`}
          onClick={() => change({ extra: [...draft.extra, method], step: method })}
        >
          {t(`driver.add_${method}`)}
        </Button>
      ))}
    </>
  );
}

function Told(props: StepProps) {
  const { stop, filled, policy, photos } = props;
  const { outcome, reason, receiver } = filled;
  const total = stop.lines.reduce((sum, line) => sum + line.qty, 0);
  const done = stop.lines.reduce((sum, line) => sum + handedOver(line, filled), 0);
  const none = t("common.none");
  return (
    <Card>
      <Facts
        rows={[
          [
            t("driver.outcome"),
            <Badge key="outcome" tone={OUTCOME_TONE[outcome]}>
              {t(CLOSED[outcome])}
            </Badge>,
          ],
          ...(reason && outcome !== "full"
            ? [[t("driver.reason"), reasonWord(reason)] as const]
            : []),
          [t("driver.pieces"), t("driver.piecesOf", { done, total })],
          ...(policy.receiver === "off"
            ? []
            : [[t("driver.receiverTitle"), receiver.trim() || none] as const]),
          ...(policy.signature === "off"
            ? []
            : [[t("driver.signature"), signatureWord(props)] as const]),
          ...(policy.pin === "off" ? [] : [[t("driver.pin"), pinWord(filled.pin)] as const]),
          [t("driver.photos"), photos.length > 0 ? formatNumber(photos.length) : none],
          ...Object.entries(filled.relaxed).map(
            ([, why]) => [t("driver.leftOut"), relaxWord(String(why))] as const,
          ),
          [t("driver.place"), <Place key="place" />],
        ]}
      />
    </Card>
  );
}

function signatureWord({ stop, filled }: StepProps): string {
  const where = signedAt(stop, filled);
  if (where === null) return t("common.none");
  return t(where === "receiver" ? "driver.signedOwnPhone" : "driver.signed");
}

function pinWord(pin: string): string {
  return pin === "ok" ? t("driver.pinRight") : t("common.none");
}

const NO_PLACE = {
  denied: "driver.placeDenied",
  unavailable: "driver.placeUnavailable",
  timeout: "driver.placeTimeout",
} as const satisfies Record<NoPosition, string>;

function Place() {
  const found = here.value;
  const words =
    found === null
      ? t("driver.placeSearching")
      : typeof found === "string"
        ? t(NO_PLACE[found])
        : t("driver.placeFound", { metres: Math.ceil(found.acc) });
  return <span data-testid="place">{words}</span>;
}
