import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { deliver } from "../../pod/deliver";
import { here, type NoPosition, refreshPosition } from "../../pod/position";
import { handedOver } from "../../pod/record";
import { feedback } from "../../scan/feedback";
import { NotSaved, type PreparedBlob } from "../../sync";
import { Badge, Button, Card, Facts, Prompt, Screen } from "../../ui";
import { isSigned } from "../../ui/strokes";
import { firstLack } from "./flow";
import type { StepProps } from "./step";
import { CLOSED, OUTCOME_TONE, reasonWord } from "./words";

/** All of it once more before it is sealed. */
export function CheckStep(props: StepProps) {
  const { stop, filled, policy, photos, subtitle, back, change } = props;
  const [busy, setBusy] = useState(false);
  const [full, setFull] = useState(false);
  useEffect(refreshPosition, []);
  const finish = async (evidence: readonly PreparedBlob[]) => {
    const lacking = firstLack(stop, filled, policy);
    if (lacking) return change({ step: lacking });
    setBusy(true);
    try {
      await deliver(stop, filled, evidence);
      feedback("done");
    } catch (error) {
      feedback("wrong");
      setFull(error instanceof NotSaved && error.reason === "no_space");
      setBusy(false);
    }
  };
  return (
    <Screen
      title={t("driver.checkTitle")}
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
          <Prompt icon="warn">{t("driver.notSavedPhoto")}</Prompt>
          <Button data-testid="save-without" onClick={() => void finish([])}>
            {t("driver.saveWithoutPhotos")}
          </Button>
        </Card>
      )}
      <Told {...props} />
    </Screen>
  );
}

function Told({ stop, filled, policy, photos }: StepProps) {
  const { outcome, reason, receiver, strokes } = filled;
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
            : ([
                [t("driver.receiverTitle"), receiver.trim() || none],
                [t("driver.signature"), isSigned(strokes) ? t("driver.signed") : none],
              ] as const)),
          [t("driver.photos"), photos.length > 0 ? formatNumber(photos.length) : none],
          [t("driver.place"), <Place key="place" />],
        ]}
      />
    </Card>
  );
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
