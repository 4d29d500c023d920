import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { loading } from "../../sync";
import { Button, Card, Screen } from "../../ui";
import type { Task } from "./tasks";
import { TrayButton } from "./tray-button";

/** The task was reassigned, given back or cancelled while the worker was on it. */
export function TaskGone({ task, home }: { task: Task | undefined; home: string }) {
  useScans(() => feedback("wrong"));
  if (loading.value && !task) return <Screen title={t("common.loading")} back={home} />;
  return (
    <Screen
      title={t("floor.gone")}
      trailing={<TrayButton />}
      actions={
        <Button
          kind="primary"
          data-testid="to-tasks"
          onClick={() => navigate(home, { replace: true })}
        >
          {t("floor.toTasks")}
        </Button>
      }
    >
      <div role="alert" data-testid="gone">
        <Card>{why(task)}</Card>
      </div>
    </Screen>
  );
}

function why(task: Task | undefined): string {
  if (task?.state === "open") return t("floor.goneQueue");
  if (task?.assignee_name) return t("floor.goneOther", { name: task.assignee_name });
  return t("floor.goneOver");
}
