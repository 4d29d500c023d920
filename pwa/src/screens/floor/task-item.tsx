import { formatDate, formatNumber, formatTime, t } from "../../i18n";
import { now } from "../../shell";
import { Badge, ListItem } from "../../ui";
import { word } from "../desk/words";
import type { Task } from "./tasks";

const URGENT = 80;

/** One task of a list: how urgent, until when, how much work. */
export function TaskItem({ task, onOpen }: { task: Task; onOpen?: (() => void) | undefined }) {
  return (
    <ListItem
      title={<span data-testid={`task-${task.title}`}>{task.title}</span>}
      detail={<TaskDetail task={task} />}
      {...(onOpen && { onClick: onOpen })}
    />
  );
}

function TaskDetail({ task }: { task: Task }) {
  const late = task.due_at > 0 && task.due_at < now.value;
  return (
    <span class="task-detail">
      <span class="task-badges">
        {task.kind !== "pick" && task.kind !== "pack" && <span>{word("kind", task.kind)}</span>}
        <Urgency priority={task.priority} />
        {task.stopped && <Badge tone="wrong">{t("floor.onHold")}</Badge>}
        {task.paused && <Badge tone="info">{t("floor.parked", { why: task.paused })}</Badge>}
        {late && <Badge tone="warn">{t("floor.late")}</Badge>}
        {task.due_at > 0 && <span>{t("floor.due", { time: dueTime(task.due_at) })}</span>}
      </span>
      {task.orders > 1 && <span>{cart(task)}</span>}
      <span>{workload(task).join(" · ")}</span>
      {walk(task) && <span>{walk(task)}</span>}
    </span>
  );
}

function Urgency({ priority }: { priority: number }) {
  const urgent = priority >= URGENT;
  const word = t(urgent ? "floor.urgent" : "floor.priority", { n: priority });
  return <Badge tone={urgent ? "wrong" : "neutral"}>{word}</Badge>;
}

/** The hour alone for today, the day too for another one. */
function dueTime(at: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now.value).toDateString();
  return sameDay ? formatTime(at) : formatDate(at);
}

/** How several orders are picked, and where the zone before has left their cart. */
function cart({ mode, orders, stands }: Task): string {
  const how =
    mode === "batch" ? "floor.batchOf" : mode === "zone" ? "floor.zoneOf" : "floor.clusterOf";
  const words = t(how, { n: orders });
  return stands ? `${words} · ${t("floor.cartAt", { place: stands })}` : words;
}

function workload({ lines, done, expected_s }: Task): string[] {
  const count = done > 0 ? t("floor.done", { done, n: lines }) : t("floor.lines", { n: lines });
  const minutes = Math.max(1, Math.round(expected_s / 60));
  return expected_s > 0 ? [count, t("floor.minutes", { n: minutes })] : [count];
}

/** The planned walk, and what the S-shape through the same locations would cost. */
function walk({ metres, s_shape_metres: sShape }: Task): string {
  if (metres <= 0) return "";
  const whole = (n: number) => formatNumber(n, { maximumFractionDigits: 0 });
  const planned = t("floor.metres", { n: whole(metres) });
  return sShape > 0 ? `${planned} (${t("floor.sShape", { n: whole(sShape) })})` : planned;
}
