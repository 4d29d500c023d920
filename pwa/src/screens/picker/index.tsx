import { t } from "../../i18n";
import { navigate, type RouteProps, type Routes } from "../../router";
import { person } from "../../shell";
import { useRow, useRows } from "../../sync";
import { Button } from "../../ui";
import { Parked, Stopped } from "../floor/parked";
import { TaskGone } from "../floor/task-gone";
import { TaskHome } from "../floor/task-home";
import { isHeldBy, type Task as TaskRow } from "../floor/tasks";
import { countPath, movePath } from "../stock/places";
import { FetchCart, LoadCart } from "./cart";
import { HOME, taskPath } from "./places";
import { PutToTote } from "./put-tote";
import { ShortReport } from "./short";
import { HandOver, Sort } from "./sort";
import { Summary } from "./summary";
import { stageOf, totesOf } from "./totes";
import { Walk } from "./walk-screen";
import { walkerOf } from "./walker";

/** All that pickers do; each kind has its own screen. */
const KINDS = ["pick", "putaway", "replenish", "transfer", "putback", "count", "check"] as const;

function pathOf({ kind, id }: TaskRow): string {
  if (kind === "pick") return taskPath(id);
  if (kind === "check") return `/check/task/${encodeURIComponent(id)}`;
  return kind === "count" ? countPath(id) : movePath(id);
}

function Home() {
  return (
    <TaskHome title={t("picker.home")} kinds={KINDS} pathOf={pathOf}>
      <section class="stack">
        <h2 class="section-title">{t("stock.otherWork")}</h2>
        <Button icon="box" data-testid="transfer" onClick={() => navigate("/stock/transfer")}>
          {t("stock.transfer")}
        </Button>
        <Button icon="box" data-testid="receive" onClick={() => navigate("/stock/receive")}>
          {t("stock.receive")}
        </Button>
      </section>
    </TaskHome>
  );
}

/** A task while it is the picker's own: the walk, and its end when no line is left. */
function Task({ params }: RouteProps) {
  const id = params.id ?? "";
  const task = useRow("task", id);
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={HOME} />;
  if (task.stopped) return <Stopped task={task} home={HOME} />;
  if (task.paused) return <Parked task={task} home={HOME} />;
  const walker = walkerOf(id);
  const props = { task, walker, totes: totesOf(id, useRows("tote")) };
  switch (
    walker.put.value ? "put" : stageOf(task, walker.lines.value, props.totes, walker.fetched.value)
  ) {
    case "fetch":
      return <FetchCart {...props} />;
    case "load":
      return <LoadCart {...props} />;
    case "put":
      return <PutToTote {...props} />;
    case "sort":
      return <Sort {...props} />;
    case "hand_over":
      return <HandOver {...props} />;
    case "summary":
      return <Summary task={task} walker={walker} />;
    default:
      return <Walk task={task} walker={walker} />;
  }
}

function Short({ params, query }: RouteProps) {
  const id = params.id ?? "";
  const task = useRow("task", id);
  const line = useRow("line", `${id}/${params.no}`);
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={HOME} />;
  return <ShortReport task={task} line={line} found={query.get("found") ?? ""} />;
}

export const routes: Routes = { "": Home, "task/:id": Task, "task/:id/short/:no": Short };
