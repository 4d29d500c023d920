import { t } from "../../i18n";
import type { Routes } from "../../router";
import { TaskHome } from "../floor/task-home";

function Home() {
  return <TaskHome title={t("packer.title")} kind="pack" folder="packer" />;
}

export const routes: Routes = { "": Home };
