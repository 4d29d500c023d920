import type { RouteProps, Routes } from "../../router";
import { person } from "../../shell";
import { useRow } from "../../sync";
import { Parked, Stopped } from "../floor/parked";
import { TaskGone } from "../floor/task-gone";
import { isHeldBy, type Task } from "../floor/tasks";
import { AdHoc } from "./adhoc-screen";
import { carrierOf } from "./carrier";
import { CountScreen } from "./count-screen";
import { MoveScreen } from "./move-screen";
import { home } from "./places";
import { StockDesk } from "./stock-desk";

/** A task while it is the worker's own. */
function Own({ params, show }: RouteProps & { show: (task: Task) => preact.JSX.Element }) {
  const task = useRow("task", params.id ?? "");
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={home()} />;
  if (task.stopped) return <Stopped task={task} home={home()} />;
  if (task.paused) return <Parked task={task} home={home()} />;
  return show(task);
}

function Move(props: RouteProps) {
  return <Own {...props} show={task => <MoveScreen task={task} carrier={carrierOf(task.id)} />} />;
}

function Count(props: RouteProps) {
  return <Own {...props} show={task => <CountScreen key={task.id} task={task} />} />;
}

const Transfer = () => <AdHoc form="transfer" />;
const Receive = () => <AdHoc form="receive" />;

export const routes: Routes = {
  "": StockDesk,
  "move/:id": Move,
  "count/:id": Count,
  transfer: Transfer,
  receive: Receive,
};
