import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { submit, useRows } from "../../sync";
import { announce, Badge, Button, type Column, Icon, Switch, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { candidates, shownTasks } from "../desk/board";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { taskTone, word } from "../desk/words";
import { extraPercent, savedPercent } from "./gain";
import { TaskActions } from "./task-actions";

const DRAGGED = "application/x-task";

/** Work in hand and work that waits, and who does it. */
export function Tasks(_: RouteProps) {
  const [withOver, setWithOver] = useState(false);
  const tasks = useRows("task");
  const people = useRows("person");
  return (
    <Desk view="tasks">
      <People tasks={tasks} people={people} />
      <Switch label={t("supervisor.showOver")} checked={withOver} onChange={setWithOver} />
      <LongTable
        name="tasks"
        columns={columns(people)}
        rows={shownTasks(tasks, withOver)}
        rowKey={task => task.id}
        empty={t("supervisor.noTasks")}
      />
    </Desk>
  );
}

/** Gives a task to somebody, or back to the queue; says what became of it. */
async function give(task: TaskRow, person: string | null, name: string): Promise<void> {
  const body = { task: task.id, expects: task.epoch, person };
  const problem = refusalWords(await submit("floor.reassign_task", body));
  if (problem) {
    toast(problem, { tone: "wrong" });
    announce(problem);
    return;
  }
  const words = t("supervisor.given", { task: task.title, person: name });
  toast(words, { tone: "right" });
}

/** Everybody who works on the floor; a task that is dropped on a name goes to that person. */
function People({ tasks, people }: { tasks: readonly TaskRow[]; people: readonly PersonRow[] }) {
  const workers = people
    .filter(({ active, role }) => active && ["picker", "packer", "driver"].includes(role))
    .sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name));
  const drop = (id: string, to: PersonRow) => {
    const task = tasks.find(each => each.id === id);
    if (task && task.assignee !== to.id) void give(task, to.id, to.name);
  };
  return (
    <ul class="drop-people" aria-label={t("supervisor.workers")}>
      {workers.map(person => (
        <DropPerson
          key={person.id}
          person={person}
          held={tasks.filter(task => task.state === "held" && task.assignee === person.id).length}
          onDrop={id => drop(id, person)}
        />
      ))}
    </ul>
  );
}

interface DropPersonProps {
  person: PersonRow;
  held: number;
  onDrop: (task: string) => void;
}

function DropPerson({ person, held, onDrop }: DropPersonProps) {
  const [over, setOver] = useState(false);
  return (
    <li
      class={over ? "over" : ""}
      onDragOver={event => {
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer?.getData(DRAGGED) ?? "");
      }}
    >
      <Icon name="person" />
      <span>
        <strong>{person.name}</strong> <span class="soft">{word("role", person.role)}</span>
      </span>
      <span class="number">{formatNumber(held)}</span>
    </li>
  );
}

function columns(people: readonly PersonRow[]): Column<TaskRow>[] {
  return [
    { key: "title", title: t("supervisor.task"), cell: task => <Title task={task} /> },
    {
      key: "state",
      title: t("desk.state"),
      cell: task => <State task={task} />,
    },
    {
      key: "done",
      title: t("desk.lines"),
      align: "end",
      cell: task => `${formatNumber(task.done)} / ${formatNumber(task.lines)}`,
    },
    { key: "walk", title: t("supervisor.walk"), align: "end", cell: walk },
    {
      key: "assignee",
      title: t("supervisor.assignee"),
      cell: task => <Assign key={`${task.id}/${task.epoch}`} task={task} people={people} />,
    },
    {
      key: "actions",
      title: t("supervisor.actions"),
      cell: task => <TaskActions task={task} people={people} />,
    },
  ];
}

/** A task that nobody may go on with says why. */
function State({ task }: { task: TaskRow }) {
  return (
    <span class="two-lines">
      <Badge tone={taskTone(task.state)}>{word("task", task.state)}</Badge>
      {task.stopped && <Badge tone="wrong">{t("supervisor.stopped", { why: task.stopped })}</Badge>}
      {task.paused && <Badge tone="warn">{t("supervisor.paused", { why: task.paused })}</Badge>}
    </span>
  );
}

function Title({ task }: { task: TaskRow }) {
  const movable = task.state === "open" || task.state === "held";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by keyboard in the last column.
    <span
      class={movable ? "grip" : ""}
      draggable={movable}
      onDragStart={event => event.dataTransfer?.setData(DRAGGED, task.id)}
      data-testid={`task-${task.title}`}
    >
      <strong>{task.title}</strong>
      <span class="soft">{word("kind", task.kind)}</span>
    </span>
  );
}

/** Planned, and walked once the task is over: then it may have become longer than S-shape. */
function walk({ metres, s_shape_metres }: TaskRow) {
  if (metres === 0) return "–";
  return (
    <span class="two-lines">
      <span>{t("desk.metres", { n: Math.round(metres) })}</span>
      <span class="soft">{besideSShape(metres, s_shape_metres)}</span>
    </span>
  );
}

function besideSShape(metres: number, sShape: number): string {
  const saved = savedPercent(metres, sShape);
  const extra = extraPercent(metres, sShape);
  if (saved > 0) return t("supervisor.lessThanSShape", { n: saved });
  return extra > 0 ? t("supervisor.moreThanSShape", { n: extra }) : t("supervisor.asSShape");
}

/** Keyed by the lease: when somebody else moves the task, an unsent choice is dropped. */
function Assign({ task, people }: { task: TaskRow; people: readonly PersonRow[] }) {
  const now = task.assignee ?? "";
  const [chosen, setChosen] = useState(now);
  const [busy, setBusy] = useState(false);
  const nobody = t("supervisor.queue");
  if (task.state === "done" || task.state === "cancelled")
    return <span>{task.assignee_name ?? t("desk.nobody")}</span>;
  const name = people.find(({ id }) => id === chosen)?.name ?? nobody;
  const go = async () => {
    setBusy(true);
    await give(task, chosen === "" ? null : chosen, name);
    setBusy(false);
  };
  return (
    <span class="assign">
      <select
        aria-label={t("supervisor.assigneeOf", { task: task.title })}
        value={chosen}
        onChange={event => setChosen(event.currentTarget.value)}
      >
        <option value="">{nobody}</option>
        {options(people, task).map(person => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </select>
      <Button
        onClick={() => void go()}
        disabled={busy || chosen === now}
        label={t("supervisor.giveTo", { task: task.title, person: name })}
      >
        {t("supervisor.give")}
      </Button>
    </span>
  );
}

/** Whoever has it now is among them, even if nobody would choose them for it. */
function options(people: readonly PersonRow[], task: TaskRow): { id: string; name: string }[] {
  const able = candidates(people, task.kind);
  const { assignee, assignee_name } = task;
  if (!assignee || able.some(({ id }) => id === assignee)) return able;
  return [{ id: assignee, name: assignee_name ?? assignee }, ...able];
}
