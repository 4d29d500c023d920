import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { Badge, Button, type Column, Icon } from "../../ui";
import { beginDrag } from "../acting/drag";
import { perform } from "../acting/perform";
import { candidates } from "../desk/board";
import { taskTone, word } from "../desk/words";
import { extraPercent, savedPercent } from "./gain";

export interface ColumnsOf {
  people: readonly PersonRow[];
  isSelected: (id: string) => boolean;
  onSelect: (id: string, range: boolean) => void;
  onMenu: (task: TaskRow) => void;
  /** What goes along when this task is dragged. */
  dragWith: (task: TaskRow) => readonly TaskRow[];
  onDrop: (tasks: readonly TaskRow[], lane: string) => void;
}

export function columns(of: ColumnsOf): Column<TaskRow>[] {
  return [
    { key: "select", title: t("acting.select"), cell: task => <Pick task={task} of={of} /> },
    { key: "title", title: t("supervisor.task"), cell: task => <Title task={task} of={of} /> },
    { key: "state", title: t("desk.state"), cell: task => <State task={task} /> },
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
      cell: task => <Assign key={`${task.id}/${task.epoch}`} task={task} people={of.people} />,
    },
    {
      key: "actions",
      title: t("supervisor.actions"),
      cell: task => isMovable(task) && <MenuButton task={task} of={of} />,
    },
  ];
}

interface CellProps {
  task: TaskRow;
  of: ColumnsOf;
}

function isMovable({ state }: TaskRow): boolean {
  return state === "open" || state === "held";
}

function Pick({ task, of }: CellProps) {
  return (
    <label class="pick">
      <input
        type="checkbox"
        data-task={task.id}
        aria-label={t("acting.selectTask", { task: task.title })}
        checked={of.isSelected(task.id)}
        onClick={event => {
          of.onSelect(task.id, event.shiftKey);
          // A range ends at this row whatever the box made of the click by itself.
          if (event.shiftKey) event.currentTarget.checked = true;
        }}
      />
    </label>
  );
}

function MenuButton({ task, of }: CellProps) {
  return (
    <Button label={t("acting.menuOf", { task: task.title })} onClick={() => of.onMenu(task)}>
      {t("acting.menu")}
    </Button>
  );
}

/** A mouse drags by the whole title, a finger by the handle: elsewhere it scrolls. */
function Title({ task, of }: CellProps) {
  const press = (event: PointerEvent) => {
    const handle = (event.target as Element).closest(".drag-handle");
    if (event.pointerType === "touch" && !handle) return;
    const tasks = of.dragWith(task);
    beginDrag(event, tasks, lane => of.onDrop(tasks, lane));
  };
  return (
    <span
      class={isMovable(task) ? "grip" : ""}
      {...(isMovable(task) && { onPointerDown: press })}
      data-testid={`task-${task.title}`}
    >
      {isMovable(task) && (
        <span class="drag-handle" aria-hidden="true" title={t("acting.drag")}>
          <Icon name="grip" />
        </span>
      )}
      <span class="two-lines">
        <strong>{task.title}</strong>
        <span class="soft">
          {[word("kind", task.kind), task.zone, `P${task.priority}`].filter(Boolean).join(" · ")}
        </span>
      </span>
    </span>
  );
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
  const [seen, setSeen] = useState(task);
  const [busy, setBusy] = useState(false);
  const nobody = t("supervisor.queue");
  if (!isMovable(task)) return <span>{task.assignee_name ?? t("desk.nobody")}</span>;
  const name = people.find(({ id }) => id === chosen)?.name ?? nobody;
  const go = async () => {
    setBusy(true);
    const what = chosen
      ? ({ what: "assign", person: chosen, name } as const)
      : ({ what: "takeBack" } as const);
    await perform([{ task: seen, act: what }]);
    setBusy(false);
  };
  return (
    <span class="assign">
      <select
        aria-label={t("supervisor.assigneeOf", { task: task.title })}
        value={chosen}
        onChange={event => {
          setChosen(event.currentTarget.value);
          setSeen(task);
        }}
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
