import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { explain, t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { connection, person } from "../../shell";
import { loading, useRows } from "../../sync";
import { Button, List, Prompt, Screen } from "../../ui";
import { Alert } from "./alert";
import { GiveBack } from "./give-back";
import { TaskItem } from "./task-item";
import { heldTasks, type Kinds, type Task, type Told, takeTask, waitingTasks } from "./tasks";
import { TrayButton } from "./tray-button";

export interface TaskHomeProps {
  title: string;
  kinds: Kinds;
  /** The path of a task's screen. */
  pathOf: (task: Task) => string;
  /** Further work that needs no task. */
  children?: ComponentChildren;
}

/** The worker's list: what they hold on top, then what waits, the next one a tap away. */
export function TaskHome({ title, kinds, pathOf, children }: TaskHomeProps) {
  const rows = useRows("task");
  const held = heldTasks(rows, kinds, person.value?.id ?? "");
  const waiting = waitingTasks(rows, kinds);
  const [told, setTold] = useState<Told>(null);
  const open = (task: Task) => navigate(pathOf(task));
  const take = async (task: Task) => {
    const refused = await takeTask(task);
    setTold(refused);
    feedback(refused ? "wrong" : "right");
    if (!refused) open(task);
  };
  const [scanned, setScanned] = useState(false);
  useScans(() => {
    feedback("wrong");
    setScanned(true);
  });
  return (
    <Screen
      title={title}
      {...(person.value && { subtitle: person.value.name })}
      trailing={<TrayButton />}
      actions={<NextAction held={held[0]} next={waiting[0]} onOpen={open} onTake={take} />}
    >
      {scanned && <Alert id="no-task">{t("floor.scanNothing")}</Alert>}
      {told && <Alert id="told">{explain(told.code, told.data)}</Alert>}
      {held.length > 0 && (
        <TaskList title={t("floor.mine")}>
          {held.map(task => (
            <TaskItem key={task.id} task={task} onOpen={() => open(task)} />
          ))}
        </TaskList>
      )}
      {held.map(task => (
        <GiveBackButton key={task.id} task={task} />
      ))}
      <TaskList title={t("floor.queue")}>
        {waiting.map(task => (
          <TaskItem key={task.id} task={task} onOpen={() => void take(task)} />
        ))}
      </TaskList>
      <ReturnsWaiting />
      {children}
    </Screen>
  );
}

/** Goods that come back need no task: whoever is there takes them in. */
function ReturnsWaiting() {
  const waiting = useRows("rma").length;
  if (waiting === 0) return null;
  return (
    <Button icon="box" data-testid="returns" onClick={() => navigate("/returns")}>
      {t("stock.returnsWaiting", { n: waiting })}
    </Button>
  );
}

function TaskList({ title, children }: { title: string; children: preact.ComponentChildren }) {
  const empty = loading.value ? t("common.loading") : t("floor.noQueue");
  return (
    <section class="stack">
      <h2 class="section-title">{title}</h2>
      <List label={title} empty={empty}>
        {children}
      </List>
    </section>
  );
}

/** In words which task: there may be several. */
function GiveBackButton({ task }: { task: Task }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon="undo" data-testid={`give-back-${task.title}`} onClick={() => setAsking(true)}>
        {t("floor.giveBackTask", { title: task.title })}
      </Button>
      {asking && <GiveBack task={task} onClose={() => setAsking(false)} />}
    </>
  );
}

interface NextActionProps {
  held: Task | undefined;
  next: Task | undefined;
  onOpen: (task: Task) => void;
  onTake: (task: Task) => Promise<void>;
}

/** Going on needs no network; taking a task does. */
function NextAction({ held, next, onOpen, onTake }: NextActionProps) {
  const [busy, setBusy] = useState(false);
  if (held)
    return (
      <Button kind="primary" icon="next" data-testid="continue" onClick={() => onOpen(held)}>
        {t("floor.continueTask", { title: held.title })}
      </Button>
    );
  if (!connection.value.online) return <Prompt icon="offline">{t("floor.needsNetwork")}</Prompt>;
  if (!next) return null;
  const take = async () => {
    setBusy(true);
    await onTake(next).finally(() => setBusy(false));
  };
  return (
    <Button kind="primary" icon="next" data-testid="take-next" disabled={busy} onClick={take}>
      {t(busy ? "floor.taking" : "floor.takeNext")}
    </Button>
  );
}
