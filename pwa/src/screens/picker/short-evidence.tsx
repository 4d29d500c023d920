import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob } from "../../sync";
import { Button, Field, PhotoButton, PhotoStrip, Screen, toast } from "../../ui";
import { saved } from "../floor/saved";
import type { Task } from "../floor/tasks";
import type { Draft, StepProps } from "./short";
import type { Line } from "./walk";

const MOST_PHOTOS = 8;

type EvidenceStepProps = StepProps & { task: Task; onDone: () => void };

export function EvidenceStep({ line, draft, change, task, onBack, onDone }: EvidenceStepProps) {
  const [busy, setBusy] = useState(false);
  const { note, photos } = draft;
  const send = async () => {
    setBusy(true);
    const ok = await saved(() => report(line, draft, task.epoch));
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
            {t("picker.sendReport")}
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

/** A report without its photo is better than none. */
async function report(line: Line, draft: Draft, epoch: number): Promise<void> {
  const blobs = await Promise.all(draft.photos.map(p => prepareBlob(p.bytes, p.type, "photo")));
  try {
    await say(line, draft, epoch, blobs);
  } catch (error) {
    if (!(error instanceof NotSaved) || !isTooBig(error) || blobs.length === 0) throw error;
    await say(line, draft, epoch, []);
    toast(t("picker.photoNoRoom"), { tone: "warn" });
  }
}

function isTooBig({ reason }: NotSaved): boolean {
  return reason === "no_space" || reason === "too_large";
}

async function say(line: Line, draft: Draft, epoch: number, blobs: readonly PreparedBlob[]) {
  const { task, no, bin, sku } = line;
  const { reason, found, note } = draft;
  const body = { task, line: no, bin, sku, found: Number(found), reason: reason ?? "other", epoch };
  const photos = blobs.map(blob => blob.ref);
  await dispatch("picking.report_short", { ...body, note: note.trim(), photos }, blobs);
}
