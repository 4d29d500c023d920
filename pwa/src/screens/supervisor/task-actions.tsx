import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { type Outcome, submit, useRow } from "../../sync";
import { announce, Button, Dialog, Field, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { candidates } from "../desk/board";

type Ask = "split" | "pause" | "hold" | "priority";

interface TaskActionsProps {
  task: TaskRow;
  people: readonly PersonRow[];
}

/** What may be done to a task that is not over; each button says to which task. */
export function TaskActions({ task, people }: TaskActionsProps) {
  const [asking, setAsking] = useState<Ask | null>(null);
  const close = () => setAsking(null);
  if (task.state === "done" || task.state === "cancelled") return null;
  const label = { task: task.title };
  return (
    <span class="row-actions">
      {task.kind === "pick" && task.lines - task.done > 1 && (
        <Button label={t("supervisor.splitOf", label)} onClick={() => setAsking("split")}>
          {t("supervisor.split")}
        </Button>
      )}
      <ParkButton task={task} onAsk={() => setAsking("pause")} />
      <HoldButton task={task} onAsk={() => setAsking("hold")} />
      <Button label={t("supervisor.priorityOf", label)} onClick={() => setAsking("priority")}>
        {t("supervisor.priority")}
      </Button>
      {asking === "split" && <SplitAsk task={task} people={people} onClose={close} />}
      {asking === "pause" && <PauseAsk task={task} onClose={close} />}
      {asking === "hold" && <HoldAsk task={task} onClose={close} />}
      {asking === "priority" && <PriorityAsk task={task} onClose={close} />}
    </span>
  );
}

/** Says what became of it; whether it was done. */
async function done(task: TaskRow, outcome: Promise<Outcome>): Promise<string | undefined> {
  const problem = refusalWords(await outcome);
  const words = problem ?? t("supervisor.changed", { task: task.title });
  announce(words);
  if (!problem) toast(words, { tone: "right" });
  return problem;
}

async function now(task: TaskRow, outcome: Promise<Outcome>): Promise<void> {
  const problem = await done(task, outcome);
  if (problem) toast(problem, { tone: "wrong" });
}

function ParkButton({ task, onAsk }: { task: TaskRow; onAsk: () => void }) {
  if (task.state !== "held") return null;
  if (!task.paused)
    return (
      <Button label={t("supervisor.pauseOf", { task: task.title })} onClick={onAsk}>
        {t("supervisor.pause")}
      </Button>
    );
  const body = { task: task.id, expects: task.epoch };
  return (
    <Button
      label={t("supervisor.resumeOf", { task: task.title })}
      onClick={() => void now(task, submit("floor.resume_task", body))}
    >
      {t("supervisor.resume")}
    </Button>
  );
}

/** Only a task of one order has an order to hold; of a cart's orders each is held on its own. */
function HoldButton({ task, onAsk }: { task: TaskRow; onAsk: () => void }) {
  const order = useRow("order", task.ref);
  if (!order) return null;
  if (order.state !== "hold")
    return (
      <Button label={t("supervisor.holdOf", { task: task.title })} onClick={onAsk}>
        {t("supervisor.hold")}
      </Button>
    );
  return (
    <Button
      label={t("supervisor.letGoOf", { task: task.title })}
      onClick={() => void now(task, submit("orders.resume_order", { order: order.id }))}
    >
      {t("supervisor.letGo")}
    </Button>
  );
}

interface AskProps {
  task: TaskRow;
  onClose: () => void;
}

interface QuestionProps extends AskProps {
  title: string;
  go: string;
  act: () => Promise<Outcome>;
  ready?: boolean;
  children: preact.ComponentChildren;
}

function Question({ task, title, go, act, ready = true, children, onClose }: QuestionProps) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const run = async () => {
    setBusy(true);
    const problem = await done(task, act());
    setBusy(false);
    setRefused(problem);
    if (!problem) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={busy || !ready} onClick={() => void run()}>
            {go}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      {children}
      {refused && <p role="alert">{refused}</p>}
    </Dialog>
  );
}

function SplitAsk({ task, people, onClose }: AskProps & { people: readonly PersonRow[] }) {
  const [person, setPerson] = useState("");
  const body = { task: task.id, expects: task.epoch, person: person || null };
  const others = candidates(people, task.kind).filter(({ id }) => id !== task.assignee);
  return (
    <Question
      {...{ task, onClose }}
      title={t("supervisor.splitOf", { task: task.title })}
      go={t("supervisor.split")}
      act={() => submit("picking.split_task", body)}
    >
      <p>{t("supervisor.splitHint")}</p>
      <label class="field">
        <span>{t("supervisor.toWhom")}</span>
        <select value={person} onChange={event => setPerson(event.currentTarget.value)}>
          <option value="">{t("supervisor.queue")}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </Question>
  );
}

function PauseAsk({ task, onClose }: AskProps) {
  const [reason, setReason] = useState("");
  const body = { task: task.id, expects: task.epoch, reason: reason.trim() };
  return (
    <Question
      {...{ task, onClose }}
      title={t("supervisor.pauseOf", { task: task.title })}
      go={t("supervisor.pause")}
      ready={reason.trim() !== ""}
      act={() => submit("floor.pause_task", body)}
    >
      <Field
        label={t("supervisor.reason")}
        value={reason}
        onInput={setReason}
        maxLength={120}
        name="reason"
      />
    </Question>
  );
}

function HoldAsk({ task, onClose }: AskProps) {
  const [reason, setReason] = useState("");
  const state = useRow("order", task.ref)?.state ?? "";
  const body = { order: task.ref, reason: reason.trim(), expects: state };
  return (
    <Question
      {...{ task, onClose }}
      title={t("supervisor.holdOf", { task: task.title })}
      go={t("supervisor.hold")}
      ready={reason.trim() !== ""}
      act={() => submit("orders.hold_order", body)}
    >
      <p>{t("supervisor.holdHint")}</p>
      <Field
        label={t("supervisor.reason")}
        value={reason}
        onInput={setReason}
        maxLength={120}
        name="reason"
      />
    </Question>
  );
}

function PriorityAsk({ task, onClose }: AskProps) {
  const [value, setValue] = useState(String(task.priority));
  const priority = Number(value);
  const fits =
    value.trim() !== "" && Number.isInteger(priority) && priority >= 0 && priority <= 100;
  const body = { task: task.id, expects: task.epoch, priority };
  return (
    <Question
      {...{ task, onClose }}
      title={t("supervisor.priorityOf", { task: task.title })}
      go={t("common.save")}
      ready={fits}
      act={() => submit("floor.prioritise_task", body)}
    >
      <Field
        label={t("supervisor.priority")}
        hint={t("supervisor.priorityHint")}
        value={value}
        onInput={setValue}
        inputMode="numeric"
        maxLength={3}
        error={fits ? undefined : t("supervisor.priorityWrong")}
        name="priority"
      />
    </Question>
  );
}
