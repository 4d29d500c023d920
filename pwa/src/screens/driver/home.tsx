import { useEffect, useState } from "preact/hooks";
import { explain, t } from "../../i18n";
import { loadClosed } from "../../pod/closed";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { connection, person } from "../../shell";
import { loading, useRows } from "../../sync";
import { Button, Card, List, ListItem, Prompt, Screen } from "../../ui";
import { heldTasks, type Task, type Told, takeTask, waitingTasks } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { DoneHere } from "./done-here";
import { runState } from "./words";

/** The driver's runs: those they hold, and those that wait for a driver. */
export function Home() {
  const tasks = useRows("task");
  const mine = heldTasks(tasks, "drive", person.value?.id ?? "");
  const waiting = waitingTasks(tasks, "drive");
  const [told, setTold] = useState<Told>(null);
  useEffect(() => void loadClosed(), []);
  return (
    <Screen
      title={t("driver.title")}
      {...(person.value && { subtitle: person.value.name })}
      trailing={<TrayButton />}
      actions={
        (mine[0] || waiting[0] || !connection.value.online) && (
          <NextAction held={mine[0]} next={waiting[0]} onTold={setTold} />
        )
      }
    >
      {told && (
        <div role="alert" data-testid="told">
          <Card>{explain(told.code, told.data)}</Card>
        </div>
      )}
      {mine.length > 0 && (
        <section class="stack">
          <h2 class="section-title">{t("driver.myRuns")}</h2>
          <List label={t("driver.myRuns")}>
            {mine.map(task => (
              <MyRun key={task.id} task={task} />
            ))}
          </List>
        </section>
      )}
      <section class="stack">
        <h2 class="section-title">{t("driver.openRuns")}</h2>
        <List
          label={t("driver.openRuns")}
          empty={loading.value ? t("common.loading") : t("driver.noRuns")}
        >
          {waiting.map(task => (
            <ListItem
              key={task.id}
              title={<RunName task={task} />}
              detail={t("driver.stops", { n: task.lines })}
            />
          ))}
        </List>
      </section>
      <DoneHere />
    </Screen>
  );
}

function RunName({ task }: { task: Task }) {
  const number = task.title.replace(/^#/, "");
  return <span data-testid={`task-${task.title}`}>{t("driver.run", { number })}</span>;
}

function MyRun({ task }: { task: Task }) {
  const run = useRows("run", row => row.task === task.id)[0];
  const stops = useRows("stop", row => row.task === task.id);
  const done = stops.filter(stop => stop.state === "closed").length;
  const progress = t("driver.stopsDone", { done, total: stops.length || task.lines });
  return (
    <ListItem
      title={<RunName task={task} />}
      detail={run ? `${runState(run)} · ${progress}` : progress}
      onClick={() => open(task)}
    />
  );
}

/** A run's task names the run. */
function open(task: Task): void {
  navigate(`/driver/run/${encodeURIComponent(task.ref)}`);
}

interface NextActionProps {
  held: Task | undefined;
  next: Task | undefined;
  onTold: (told: Told) => void;
}

/** Going on needs no network; taking a run does. */
function NextAction({ held, next, onTold }: NextActionProps) {
  const [busy, setBusy] = useState(false);
  if (held)
    return (
      <Button kind="primary" icon="next" data-testid="continue" onClick={() => open(held)}>
        {t("driver.run", { number: held.title.replace(/^#/, "") })}
      </Button>
    );
  if (!connection.value.online) return <Prompt icon="offline">{t("floor.needsNetwork")}</Prompt>;
  if (!next) return null;
  const take = async () => {
    setBusy(true);
    const told = await takeTask(next).finally(() => setBusy(false));
    onTold(told);
    feedback(told ? "wrong" : "right");
    if (!told) open(next);
  };
  return (
    <Button kind="primary" icon="truck" data-testid="take-next" disabled={busy} onClick={take}>
      {t(busy ? "driver.taking" : "driver.take")}
    </Button>
  );
}
