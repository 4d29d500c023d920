import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import { Button, Choices, Dialog, Field, toast } from "../../ui";
import { LOAD_REASONS, type LoadReason, type Placed, type Short } from "./loading";

interface LeaveOutProps extends Placed {
  run: string;
  onClose: () => void;
}

function reasons(what: keyof typeof LOAD_REASONS) {
  return LOAD_REASONS[what].map(value => ({ value, label: t(`loading.reason_${value}`) }));
}

/** A parcel that cannot go along: what is wrong, and why. */
export function LeaveOut({ run, stop, parcel, onClose }: LeaveOutProps) {
  const [what, setWhat] = useState<Short>("missing");
  const [reason, setReason] = useState<LoadReason | null>(null);
  const [note, setNote] = useState("");
  const go = async () => {
    if (!reason) return;
    const said = { run, stop: stop.id, parcel, what, reason, note: note.trim() };
    await dispatch("pod.report_load", said);
    feedback("right");
    onClose();
  };
  return (
    <Dialog
      title={t("loading.whyTitle", { parcel })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="danger"
            data-testid="leave-out"
            disabled={!reason}
            onClick={() => void go()}
          >
            {t("loading.leaveOut")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <Choices
          label={t("loading.whatIsIt")}
          value={what}
          options={(["missing", "damaged"] as const).map(value => ({
            value,
            label: t(`loading.what_${value}`),
          }))}
          onChange={next => {
            setWhat(next);
            setReason(null);
          }}
        />
        <h3 class="section-title">{t("loading.why")}</h3>
        <Choices<LoadReason>
          label={t("loading.why")}
          value={reason}
          options={reasons(what)}
          onChange={setReason}
        />
        <Field label={t("loading.note")} value={note} onInput={setNote} maxLength={200} />
        <p class="soft">{t("loading.leaveOutHint")}</p>
      </div>
    </Dialog>
  );
}

/** The scan was a slip. */
export function TakeOff({ run, stop, parcel, onClose }: LeaveOutProps) {
  const go = async () => {
    await dispatch("pod.unload_parcel", { run, stop: stop.id, parcel });
    feedback("right");
    toast(t("loading.tookOff", { parcel }));
    onClose();
  };
  return (
    <Dialog
      title={t("loading.takeOffTitle", { parcel })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" icon="undo" data-testid="take-off" onClick={() => void go()}>
            {t("loading.takeOff")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    />
  );
}

interface TakeAlongProps {
  run: string;
  parcel: string;
  onClose: () => void;
}

/** A parcel that is not of this run, and goes along for a reason. */
export function TakeAlong({ run, parcel, onClose }: TakeAlongProps) {
  const [reason, setReason] = useState<LoadReason | null>(null);
  const go = async () => {
    if (!reason) return;
    await dispatch("pod.report_load", { run, parcel, what: "extra", reason });
    feedback("right");
    toast(t("loading.tookAlong", { parcel }));
    onClose();
  };
  return (
    <Dialog
      title={t("loading.takeAlongTitle")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={onClose} data-testid="leave-at-dock">
            {t("common.cancel")}
          </Button>
          <Button data-testid="take-along" disabled={!reason} onClick={() => void go()}>
            {t("loading.takeAlong", { parcel })}
          </Button>
        </>
      }
    >
      <div class="stack">
        <Choices<LoadReason>
          label={t("loading.why")}
          value={reason}
          options={reasons("extra")}
          onChange={setReason}
        />
        <p class="soft">{t("loading.takeAlongHint")}</p>
      </div>
    </Dialog>
  );
}
