import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import { Button, toast } from "../../ui";
import { say } from "../../voice/speak";
import { saved } from "./saved";
import type { Task } from "./tasks";

interface FinishProps {
  task: Task;
  /** What is said: the task's end, which every kind of work has one of. */
  op:
    | "picking.finish_task"
    | "picking.finish_check"
    | "moving.finish_move"
    | "counting.finish_count";
  /** Where the worker's tasks are. */
  home: string;
  label?: string;
  /** What is shown and spoken once it is written down. */
  told?: string;
}

/** Ends a task whose lines are all accounted for, tells it and goes back to the tasks. */
export function FinishButton({ task, op, home, label, told }: FinishProps) {
  const [busy, setBusy] = useState(false);
  const finish = async () => {
    setBusy(true);
    const ok = await saved(() => dispatch(op, { task: task.id, epoch: task.epoch }));
    setBusy(false);
    if (ok) ended(told ?? t("picker.finished", { title: task.title }), home);
  };
  return (
    <Button
      kind="primary"
      icon="flag"
      data-testid="finish"
      disabled={busy}
      onClick={() => void finish()}
    >
      {label ?? t("picker.finish")}
    </Button>
  );
}

/** Seen, heard and felt, on the way back to the tasks. */
export function ended(words: string, home: string): void {
  feedback("done");
  toast(words, { tone: "right" });
  say(words);
  navigate(home, { replace: true });
}
