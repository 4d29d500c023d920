import { useState } from "preact/hooks";
import { LANGUAGES, t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Choices, Dialog, Field, Select, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { newPlan, type Plan, sendingOf } from "./schedule";
import type { ReportOf, Wanted } from "./types";
import { weekday } from "./values";

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
      <div class="stack">
        <Choices
          label={t("reports.every")}
          value={plan.every}
          options={(["day", "week", "month"] as const).map(value => ({
            value,
            label: t(`reports.every_${value}`),
          }))}
          onChange={every => set({ every, on: "1" })}
        />
        <On plan={plan} onChange={on => set({ on })} />
        <Field
          label={t("reports.time")}
          hint={t("reports.timeHint")}
          type="time"
          value={plan.time}
          onInput={time => set({ time })}
        />
        <Field
          label={t("reports.to")}
          hint={t("reports.toHint")}
          multiline
          value={plan.to}
          onInput={to => set({ to })}
          error={problem}
          name="to"
        />
        <Select
          label={t("reports.format")}
          value={plan.format}
          options={[
            { value: "xlsx", label: "Excel" },
            { value: "csv", label: "CSV" },
            { value: "pdf", label: "PDF" },
          ]}
          onChange={format => set({ format: format as Plan["format"] })}
        />
        <Select
          label={t("reports.language")}
          value={plan.lang}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={lang => set({ lang: lang as Plan["lang"] })}
        />
      </div>
    </Dialog>
  );
}

function On({ plan, onChange }: { plan: Plan; onChange: (on: string) => void }) {
  if (plan.every === "day") return null;
  const days = plan.every === "week" ? 7 : 31;
  return (
    <Select
      label={t(plan.every === "week" ? "reports.onWeekday" : "reports.onDay")}
      {...(plan.every === "month" && { hint: t("reports.onDayHint") })}
      value={plan.on}
      options={Array.from({ length: days }, (_, at) => ({
        value: String(at + 1),
        label: plan.every === "week" ? weekday(at + 1) : String(at + 1),
      }))}
      onChange={onChange}
    />
  );
}
