import { useState } from "preact/hooks";
import { explain, t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { connection } from "../../shell";
import { Button, Card, Choices, Dialog, Prompt, Screen } from "../../ui";
import { Alert } from "./alert";
import { pauseTask, resumeTask, type Task, type Told } from "./tasks";
import { TrayButton } from "./tray-button";

interface RestingProps {
  task: Task;
  /** The worker's list. */
  home: string;
}

/** The order was put on hold: nobody goes on with it, and the goods stay where they are. */
export function Stopped({ task, home }: RestingProps) {
  useScans(() => feedback("wrong"));
  return (
    <Screen
      title={task.title}
      back={home}
      trailing={<TrayButton />}
      actions={<ToTasks home={home} />}
    >
      <div class="stack" role="alert" data-testid="stopped">
        <Prompt icon="stop">{t("picker.onHold")}</Prompt>
        <Card>
          <strong>{task.stopped}</strong>
          <p>{t("picker.onHoldHint")}</p>
        </Card>
      </div>
    </Screen>
  );
}

/** Parked by its holder or a supervisor: it is taken up again with one tap. */
export function Parked({ task, home }: RestingProps) {
  const [told, setTold] = useState<Told>(null);
  useScans(() => feedback("wrong"));
  const go = async () => {
    const refused = await resumeTask(task);
    setTold(refused);
    feedback(refused ? "wrong" : "right");
  };
  return (
    <Screen
      title={task.title}
      back={home}
      trailing={<TrayButton />}
      actions={
        <>
          <Button onClick={() => navigate(home, { replace: true })}>{t("floor.toTasks")}</Button>
          <Button
            kind="primary"
            icon="next"
            data-testid="resume"
            disabled={!connection.value.online}
            onClick={() => void go()}
          >
            {t("picker.resume")}
          </Button>
        </>
      }
    >
      <div class="stack" data-testid="parked">
        <Prompt icon="pause">{t("picker.parked")}</Prompt>
        <Card>
          <strong>{task.paused}</strong>
        </Card>
      </div>
      {!connection.value.online && <Alert id="offline">{t("errors.offline")}</Alert>}
      {told && <Alert id="told">{explain(told.code, told.data)}</Alert>}
    </Screen>
  );
}

function ToTasks({ home }: { home: string }) {
  return (
    <Button kind="primary" data-testid="to-tasks" onClick={() => navigate(home, { replace: true })}>
      {t("floor.toTasks")}
    </Button>
  );
}

const REASONS = ["pauseBreak", "pauseHelp", "pauseCart", "pauseOther"] as const;

/** Why the task is parked; it stays its holder's. */
export function PauseAsk({ task, onClose }: { task: Task; onClose: () => void }) {
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null);
  const [told, setTold] = useState<Told>(null);
  const go = async () => {
    if (!reason) return;
    const refused = await pauseTask(task, t(`picker.${reason}`));
    setTold(refused);
    feedback(refused ? "wrong" : "right");
    if (!refused) onClose();
  };
  return (
    <Dialog
      title={t("picker.pauseAsk", { title: task.title })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            icon="pause"
            data-testid="pause-yes"
            disabled={reason === null}
            onClick={() => void go()}
          >
            {t("picker.pause")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <Choices
        label={t("picker.pauseWhy")}
        value={reason}
        options={REASONS.map(value => ({ value, label: t(`picker.${value}`) }))}
        onChange={setReason}
      />
      {told && <Alert id="told">{explain(told.code, told.data)}</Alert>}
    </Dialog>
  );
}
