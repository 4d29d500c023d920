import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { Button, Field, PhotoButton, PhotoStrip, Screen } from "../../ui";
import { saved } from "../floor/saved";
import type { Task } from "../floor/tasks";
import { curesOf } from "./cures";
import { report, type StepProps } from "./shortage";

const MOST_PHOTOS = 8;

type EvidenceStepProps = StepProps & { task: Task; onDone: () => void; onCure: () => void };

/** Where there is a way out for the rest, it is offered next; else the report goes at once. */
export function EvidenceStep(props: EvidenceStepProps) {
  const { line, draft, change, task, onBack, onDone, onCure } = props;
  const [busy, setBusy] = useState(false);
  const { note, photos } = draft;
  const isCurable = curesOf(line, line.qty - Number(draft.found)).length > 0;
  const send = async () => {
    if (isCurable) return onCure();
    setBusy(true);
    const ok = await saved(() => report(line, draft, task.epoch, null));
    setBusy(false);
    if (!ok) return;
    feedback("right");
    onDone();
  };
  return (
    <Screen
      title={t("picker.evidence")}
      subtitle={`${line.bin} · ${line.name}`}
      back={onBack}
      actions={
        <>
          <PhotoButton
            disabled={photos.length >= MOST_PHOTOS}
            onPhoto={photo => change({ photos: [...photos, photo] })}
          />
          <Button kind="primary" data-testid="send-short" disabled={busy} onClick={send}>
            {t(isCurable ? "common.next" : "picker.sendReport")}
          </Button>
        </>
      }
    >
      <Field
        label={t("picker.note")}
        hint={t("picker.noteHint")}
        value={note}
        onInput={text => change({ note: text })}
        multiline
        maxLength={500}
      />
      <PhotoStrip photos={photos} />
    </Screen>
  );
}
