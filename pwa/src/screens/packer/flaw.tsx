import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { feedback } from "../../scan/feedback";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob } from "../../sync";
import {
  Button,
  Choices,
  Field,
  type Photo,
  PhotoButton,
  PhotoStrip,
  Screen,
  toast,
} from "../../ui";
import { Alert } from "../floor/alert";
import { saved } from "../floor/saved";
import type { PackLine } from "./pack";

const REASONS = {
  damaged: "packer.flawDamaged",
  dirty: "packer.flawDirty",
  expired: "packer.flawExpired",
  incomplete: "packer.flawIncomplete",
  wrong_item: "packer.flawWrongItem",
  missing: "packer.flawMissing",
  other: "packer.flawOther",
} as const;

type Reason = keyof typeof REASONS;

const MOST_PHOTOS = 8;
const MOST_CHOICES = 6;

interface FlawReportProps {
  line: PackLine;
  onBack: () => void;
  onDone: () => void;
}

/** Pieces that may not go out, or are not there: how many, why, and what it looks like. */
export function FlawReport({ line, onBack, onDone }: FlawReportProps) {
  const left = line.qty - line.flawed;
  const [pieces, setPieces] = useState(1);
  const [reason, setReason] = useState<Reason | null>(null);
  const [note, setNote] = useState("");
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const [busy, setBusy] = useState(false);
  // A device without a camera must not block: then words tell what the photo would.
  const shown = reason === "missing" || photos.length > 0 || note.trim() !== "";
  const send = async () => {
    setBusy(true);
    const body = { task: line.task, line: line.no, sku: line.sku, flawed: line.flawed + pieces };
    const ok = await saved(() => report({ ...body, reason: reason ?? "other", note }, photos));
    setBusy(false);
    if (!ok) return;
    feedback("right");
    toast(t("packer.flawSent", { n: pieces, name: line.name }), { tone: "warn" });
    onDone();
  };
  return (
    <Screen
      title={t("packer.flaw")}
      subtitle={line.name}
      back={onBack}
      actions={
        <>
          <PhotoButton
            disabled={photos.length >= MOST_PHOTOS}
            onPhoto={photo => setPhotos([...photos, photo])}
          />
          <Button
            kind="primary"
            data-testid="send-flaw"
            disabled={busy || reason === null || !shown}
            onClick={() => void send()}
          >
            {t("packer.flawSend")}
          </Button>
        </>
      }
    >
      {left > 1 && <HowMany left={left} value={pieces} onChange={setPieces} />}
      <h2 class="section-title">{t("packer.flawReason")}</h2>
      <Choices
        label={t("packer.flawReason")}
        value={reason}
        options={(Object.keys(REASONS) as Reason[]).map(value => ({
          value,
          label: t(REASONS[value]),
        }))}
        onChange={setReason}
      />
      {reason !== null && !shown && <Alert id="needs-evidence">{t("packer.flawEvidence")}</Alert>}
      <Field
        label={t("packer.flawNote")}
        value={note}
        onInput={setNote}
        maxLength={500}
        multiline
      />
      <PhotoStrip photos={photos} />
    </Screen>
  );
}

interface HowManyProps {
  left: number;
  value: number;
  onChange: (n: number) => void;
}

function HowMany({ left, value, onChange }: HowManyProps) {
  if (left > MOST_CHOICES)
    return (
      <Field
        label={t("packer.flawHowMany")}
        type="number"
        inputMode="numeric"
        value={String(value)}
        onInput={text => onChange(Math.min(left, Math.max(1, Math.trunc(Number(text)) || 1)))}
      />
    );
  const options = Array.from({ length: left }, (_, i) => String(i + 1));
  return (
    <section class="stack">
      <h2 class="section-title">{t("packer.flawHowMany")}</h2>
      <Choices
        label={t("packer.flawHowMany")}
        value={String(value)}
        options={options.map(n => ({ value: n, label: n }))}
        onChange={n => onChange(Number(n))}
      />
    </section>
  );
}

type Body = OpArgs["packing.report_flaw"];

/** A report without its photo is better than none. */
async function report(body: Body, photos: readonly Photo[]): Promise<void> {
  const blobs = await Promise.all(photos.map(p => prepareBlob(p.bytes, p.type, "photo")));
  const tell = (kept: readonly PreparedBlob[]) =>
    dispatch("packing.report_flaw", { ...body, photos: kept.map(({ ref }) => ref) }, kept);
  try {
    await tell(blobs);
  } catch (error) {
    const tooBig =
      error instanceof NotSaved && (error.reason === "no_space" || error.reason === "too_large");
    if (!tooBig || blobs.length === 0) throw error;
    await tell([]);
    toast(t("picker.photoNoRoom"), { tone: "warn" });
  }
}
