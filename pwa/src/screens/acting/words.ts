import { formatNumber, t } from "../../i18n";
import type { TaskRow } from "../../kernel/contract";
import { word } from "../desk/words";
import type { Act, Field, What } from "./acts";

/** What was done, or asked for, to one task. */
export function actWords(act: Act, { title: task }: TaskRow): string {
  switch (act.what) {
    case "assign":
      return t("acting.didAssign", { task, person: act.name });
    case "takeBack":
      return t("acting.didTakeBack", { task });
    case "pause":
      return t("acting.didPause", { task });
    case "resume":
      return t("acting.didResume", { task });
    case "priority":
      return t("acting.didPriority", { task, priority: act.priority });
    case "halt":
      return t("acting.didHalt", { task });
    case "letGo":
      return t("acting.didLetGo", { task });
    case "split":
      return t("acting.didSplit", { task });
  }
}

/** The same of several at once. */
export function allWords(asked: readonly { act: Act; task: TaskRow }[]): string {
  const [first] = asked;
  if (!first) return "";
  if (asked.length === 1) return actWords(first.act, first.task);
  return t("acting.didMany", { what: commandWords(first.act.what), n: asked.length });
}

export function commandWords(what: What): string {
  return t(`acting.${what}`);
}

/** One fact of a task, as it is compared with what somebody saw of it. */
export function fieldWords(task: TaskRow, field: Field): string {
  if (field === "who") return task.assignee_name ?? t("acting.nobodyYet");
  if (field === "priority") return formatNumber(task.priority);
  if (field === "lines") return `${formatNumber(task.done)} / ${formatNumber(task.lines)}`;
  return [
    word("task", task.state),
    task.paused && t("supervisor.paused", { why: task.paused }),
    task.stopped && t("supervisor.stopped", { why: task.stopped }),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function fieldName(field: Field): string {
  if (field === "who") return t("supervisor.assignee");
  if (field === "state") return t("desk.state");
  return field === "priority" ? t("supervisor.priority") : t("acting.linesDone");
}
