import { useState } from "preact/hooks";
import { explain, t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { Button, Dialog } from "../../ui";
import { Alert } from "./alert";
import { giveBack, type Task, type Told } from "./tasks";

/** Asks before a task goes back to the queue. */
export function GiveBack({ task, onClose }: { task: Task; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>(null);
  const go = async () => {
    setBusy(true);
    const refused = await giveBack(task.id).finally(() => setBusy(false));
    setTold(refused);
    feedback(refused ? "wrong" : "right");
    if (!refused) onClose();
  };
  return (
    <Dialog
      title={t("floor.giveBackAsk", { title: task.title })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" data-testid="give-back-yes" disabled={busy} onClick={go}>
            {t("floor.giveBack")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("floor.giveBackHint")}</p>
      {told && <Alert id="told">{explain(told.code, told.data)}</Alert>}
    </Dialog>
  );
}
