import { t } from "../../i18n";
import { navigate, type RouteProps, type Routes } from "../../router";
import { person } from "../../shell";
import { useRow } from "../../sync";
import { Button } from "../../ui";
import { Parked, Stopped } from "../floor/parked";
import { TaskGone } from "../floor/task-gone";
import { TaskHome } from "../floor/task-home";
import { isHeldBy } from "../floor/tasks";
import { benchOf } from "./bench";
import { Packing } from "./bench-screen";
import { LabelScreen } from "./label-screen";
import { PalletLabel, PalletScreen } from "./pallet-screen";

const KINDS = ["pack", "check"] as const;

function pathOf({ kind, id }: { kind: string; id: string }): string {
  return `/${kind === "check" ? "check" : "packer"}/task/${encodeURIComponent(id)}`;
}

function Home() {
  return (
    <TaskHome title={t("packer.title")} kinds={KINDS} pathOf={pathOf}>
      <Button icon="truck" data-testid="pallet" onClick={() => navigate("/packer/pallet")}>
        {t("packer.pallet")}
      </Button>
      <Button data-testid="papers" onClick={() => navigate("/papers")}>
        {t("papers.title")}
      </Button>
    </TaskHome>
  );
}

function Task({ params }: RouteProps) {
  const id = params.id ?? "";
  const task = useRow("task", id);
  const job = useRow("pack_job", id);
  if (!task || !job || !isHeldBy(task, person.value?.id))
    return <TaskGone task={task} home="/packer" />;
  if (task.stopped) return <Stopped task={task} home="/packer" />;
  if (task.paused) return <Parked task={task} home="/packer" />;
  return <Packing key={id} bench={benchOf(id)} />;
}

export const routes: Routes = {
  "": Home,
  "task/:id": Task,
  "label/:parcel": LabelScreen,
  pallet: PalletScreen,
  "pallet/:number/label": PalletLabel,
};
