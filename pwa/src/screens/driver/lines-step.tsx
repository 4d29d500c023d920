import { t } from "../../i18n";
import { REASONS } from "../../pod/policy";
import { handedOver, reasonOf } from "../../pod/record";
import { Card, PhotoButton, Select } from "../../ui";
import type { Stop } from "./flow";
import { Strip, takePhoto } from "./photo-step";
import { type StepProps, StepScreen } from "./step";
import { Stepper } from "./stepper";
import { reasonWord } from "./words";

/** How many of each line the receiver keeps, and why not the rest. */
export function LinesStep(props: StepProps) {
  return (
    <StepScreen {...props} title={t("driver.linesTitle")}>
      {props.stop.lines.map(line => (
        <Card key={line.no}>
          <Line {...props} line={line} />
        </Card>
      ))}
    </StepScreen>
  );
}

function Line(props: StepProps & { line: Stop["lines"][number] }) {
  const { line, draft, filled, change } = props;
  const { no, sku, name, qty } = line;
  const kept = handedOver(line, filled);
  const set = (pieces: number) => change({ delivered: { ...draft.delivered, [no]: pieces } });
  return (
    <div class="stack" data-testid={`line-${sku}`}>
      <div>
        <strong>{name}</strong>
        <div class="soft">{sku}</div>
      </div>
      <Stepper
        sku={sku}
        value={kept}
        most={qty}
        label={t("driver.accepted", { sku })}
        testId="kept"
        onChange={set}
      />
      {kept < qty && <Why {...props} />}
    </div>
  );
}

/** A reason and photos of this line alone. */
function Why(props: StepProps & { line: Stop["lines"][number] }) {
  const { line, draft, filled, photos, change } = props;
  const of = String(line.no);
  const reasons: readonly string[] = REASONS.partial;
  const set = (reason: string) =>
    change({
      lineReasons: { ...draft.lineReasons, [line.no]: reason },
      // The first that is said is that of the whole, until another is chosen.
      ...(draft.reason === "" && { reason }),
    });
  return (
    <>
      <Select
        label={t("driver.reason")}
        value={reasonOf(line.no, filled)}
        options={[
          { value: "", label: t("driver.chooseReason") },
          ...reasons.map(value => ({ value, label: reasonWord(value) })),
        ]}
        onChange={set}
      />
      <Strip photos={photos.filter(photo => photo.of === of)} />
      <PhotoButton
        label={t("driver.photoOf", { sku: line.sku })}
        onPhoto={photo => takePhoto(props, photo, of)}
      />
    </>
  );
}
