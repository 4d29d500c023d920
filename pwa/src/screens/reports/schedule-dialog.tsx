import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { newPlan, type Plan, sendingOf } from "./schedule";
import { PlanFields } from "./schedule-fields";
import type { ReportOf, Wanted } from "./types";

interface ScheduleDialogProps {
  report: ReportOf;
  wanted: Wanted;
  onClose: () => void;
}

/** Sends a report by mail, again and again, with the filters that are on show. */
export function ScheduleDialog({ report, wanted, onClose }: ScheduleDialogProps) {
  const [plan, setPlan] = useState(newPlan);
  const [problem, setProblem] = useState<string>();
  const set = (part: Partial<Plan>) => setPlan({ ...plan, ...part });
  const sending = sendingOf(plan, wanted);
  const save = async () => {
    if (!sending) return setProblem(t("reports.toNeeded"));
    const args = { report: report.id, sending };
    const words = refusalWords(await submit("reports.schedule_report", args));
    if (words) return setProblem(words);
    toast(t("reports.scheduled"), { tone: "right" });
    announce(t("reports.scheduled"));
    onClose();
  };
  return (
    <Dialog
      title={t("reports.scheduleTitle", { name: report.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void save()} data-testid="save-schedule">
            {t("common.save")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <PlanFields plan={plan} onChange={set} problem={problem} />
    </Dialog>
  );
}
