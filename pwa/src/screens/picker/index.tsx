import { t } from "../../i18n";
import type { RouteProps, Routes } from "../../router";
import { person } from "../../shell";
import { useRow } from "../../sync";
import { TaskGone } from "../floor/task-gone";
import { TaskHome } from "../floor/task-home";
import { isHeldBy } from "../floor/tasks";
import { HOME } from "./places";
import { ShortReport } from "./short";
import { Summary } from "./summary";
import { Walk } from "./walk-screen";
import { walkerOf } from "./walker";

function Home() {
  return <TaskHome title={t("picker.title")} kind="pick" folder="picker" />;
}

/** A task while it is the picker's own: the walk, and its end when no line is left. */
function Task({ params }: RouteProps) {
  const id = params.id ?? "";
  const task = useRow("task", id);
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={HOME} />;
  const walker = walkerOf(id);
  const isOver = walker.lines.value.length > 0 && walker.line.value === undefined;
  return isOver ? <Summary task={task} walker={walker} /> : <Walk task={task} walker={walker} />;
}

function Short({ params, query }: RouteProps) {
  const id = params.id ?? "";
  const task = useRow("task", id);
  const line = useRow("line", `${id}/${params.no}`);
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={HOME} />;
  return <ShortReport task={task} line={line} found={query.get("found") ?? ""} />;
}

export const routes: Routes = { "": Home, "task/:id": Task, "task/:id/short/:no": Short };
