import "../acting/acting.css";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Badge, Button, Dialog, Select, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { PERIODS } from "./address";
import { FilterList } from "./filter-list";
import { type Plan, planOf, sendingOf, wantedIn } from "./schedule";
import { PlanFields } from "./schedule-fields";
import { compared } from "./schedule-words";
import type { DatasetOf, ReportOf, ScheduleOf, Wanted } from "./types";

interface ChangeScheduleProps {
  report: ReportOf;
  dataset: DatasetOf;
  /** As the server has it now. */
  schedule: ScheduleOf;
  /** Somebody was quicker: what there is now has to be read. */
  onStale: () => void;
  onClose: () => void;
}

/** Changes a schedule that there is. Where another was quicker, both are shown. */
export function ChangeSchedule(props: ChangeScheduleProps) {
  const { report, dataset, schedule, onStale, onClose } = props;
  const [seen, setSeen] = useState(schedule);
  const [plan, setPlan] = useState(() => planOf(schedule.sending));
  const [wanted, setWanted] = useState(() => wantedIn(schedule.sending));
  const [problem, setProblem] = useState<string>();
  const newer = schedule.revision !== seen.revision;
  const sending = sendingOf(plan, wanted);
  const save = async () => {
    if (!sending) return setProblem(t("reports.toNeeded"));
    const args = { report: report.id, sending, schedule: seen.id, seen: seen.revision };
    const outcome = await submit("reports.schedule_report", args);
    const words = refusalWords(outcome);
    if ("code" in outcome && outcome.code === "stale") onStale();
    if (words) return setProblem(words);
    toast(t("reports.changed"), { tone: "right" });
    announce(t("reports.changed"));
    onClose();
  };
  const keepMine = () => {
    setSeen(schedule);
    setProblem(undefined);
  };
  const takeTheirs = () => {
    keepMine();
    setPlan(planOf(schedule.sending));
    setWanted(wantedIn(schedule.sending));
  };
  return (
    <Dialog
      title={t("reports.changeTitle", { name: report.name })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            disabled={newer}
            onClick={() => void save()}
            data-testid="save-schedule"
          >
            {t("common.save")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      {newer && <Newer seen={seen} now={schedule} onKeep={keepMine} onTake={takeTheirs} />}
      <p class="soft">{t("reports.changeHint")}</p>
      <PlanFields
        plan={plan}
        onChange={(part: Partial<Plan>) => setPlan({ ...plan, ...part })}
        problem={problem}
      />
      <Asked report={report} dataset={dataset} wanted={wanted} onChange={setWanted} />
    </Dialog>
  );
}

interface NewerProps {
  seen: ScheduleOf;
  now: ScheduleOf;
  onKeep: () => void;
  onTake: () => void;
}

/** What was seen beside what another has made of it. */
function Newer({ seen, now, onKeep, onTake }: NewerProps) {
  return (
    <section class="stack" data-testid="newer">
      <p role="alert">{t("reports.newer")}</p>
      <table class="compared">
        <caption class="unseen">{t("acting.compare")}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t("acting.youSaw")}</th>
            <th scope="col">{t("acting.isNow")}</th>
          </tr>
        </thead>
        <tbody>
          {compared(seen, now).map(row => (
            <tr key={row.part} class={row.seen === row.now ? "" : "changed"}>
              <th scope="row">{row.part}</th>
              <td>{row.seen}</td>
              <td>
                {row.now}
                {row.seen !== row.now && <Badge tone="warn">{t("acting.changedMark")}</Badge>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="row">
        <Button onClick={onTake}>{t("reports.takeTheirs")}</Button>
        <Button onClick={onKeep}>{t("reports.keepMine")}</Button>
      </p>
    </section>
  );
}

interface AskedProps {
  report: ReportOf;
  dataset: DatasetOf;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** The period and the filters of each time; days that were named once stay until another is chosen. */
function Asked({ report, dataset, wanted, onChange }: AskedProps) {
  const { start, end } = wanted;
  const named = start !== "" || end !== "";
  const usual = report.spec.period || "all";
  return (
    <div class="stack">
      {dataset.time && (
        <Select
          label={t("reports.period")}
          value={named ? "named" : wanted.period || usual}
          options={[
            ...(named ? [{ value: "named", label: `${start || end} – ${end || start}` }] : []),
            ...PERIODS.map(value => ({ value, label: t(`reports.period_${value}`) })),
          ]}
          onChange={period => onChange({ ...wanted, period, start: "", end: "" })}
        />
      )}
      <FilterList
        fields={dataset.fields}
        filters={wanted.filters}
        onChange={filters => onChange({ ...wanted, filters })}
      />
    </div>
  );
}
