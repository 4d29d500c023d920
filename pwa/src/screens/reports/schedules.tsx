import { useState } from "preact/hooks";
import { explain, formatDate, formatNumber, hasText, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { submit } from "../../sync";
import {
  announce,
  Badge,
  Button,
  Card,
  type Column,
  List,
  ListItem,
  type Tone,
  toast,
} from "../../ui";
import { refusalWords } from "../desk/ask";
import { LongTable } from "../desk/long-table";
import { ChangeSchedule } from "./change-schedule";
import { ReportsDesk } from "./frame";
import { formatWords, rhythmWords } from "./schedule-words";
import type { Overview, RunOf, ScheduleOf } from "./types";
import { useReports } from "./use-reports";

/** What is sent when to whom, and what became of it. */
export function Schedules(_: RouteProps) {
  const { body, problem, again } = useReports();
  return (
    <ReportsDesk page="schedules" problem={problem}>
      <Card title={t("reports.page_schedules")}>
        <p class="soft">{t("reports.schedulesHint", { zone: body?.zone ?? "UTC" })}</p>
        <List
          label={t("reports.page_schedules")}
          empty={t(body ? "reports.schedulesNone" : "common.loading")}
        >
          {(body?.schedules ?? []).map(each => (
            <Planned key={each.id} schedule={each} overview={body} onChange={again} />
          ))}
        </List>
      </Card>
      <h2 class="section-title">{t("reports.runs")}</h2>
      <LongTable
        name="report-runs"
        columns={columns()}
        rows={body?.runs ?? []}
        rowKey={run => `${run.schedule}/${run.due_at}`}
        empty={t(body ? "reports.runsNone" : "common.loading")}
      />
    </ReportsDesk>
  );
}

interface PlannedProps {
  schedule: ScheduleOf;
  overview: Overview | undefined;
  onChange: () => void;
}

function Planned({ schedule, overview, onChange }: PlannedProps) {
  const report = overview?.reports.find(each => each.id === schedule.report);
  const name = report?.name ?? schedule.report;
  const dataset = overview?.datasets.find(each => each.name === report?.spec.dataset);
  const [changing, setChanging] = useState(false);
  const end = async () => {
    const args = { schedule: schedule.id, seen: schedule.revision };
    const words = refusalWords(await submit("reports.unschedule_report", args));
    onChange();
    if (words) return toast(words, { tone: "wrong" });
    announce(t("reports.ended", { name }));
  };
  return (
    <ListItem
      title={
        <span class="row" data-testid={`schedule-${schedule.report}`}>
          {name}
          {schedule.tried > 0 && <Badge tone="warn">{t("reports.run_retrying")}</Badge>}
        </span>
      }
      detail={
        <>
          {rhythmWords(schedule.sending.rhythm)} · {formatWords(schedule.sending.format)}
          <br />
          {schedule.sending.to.join(", ")}
          <br />
          {t("reports.nextAt", { time: formatDate(schedule.next_at) })}
          {schedule.by && ` · ${t("reports.by", { name: schedule.by })}`}
        </>
      }
      trailing={
        schedule.mine && (
          <span class="row schedule-acts">
            {report && dataset && (
              <Button label={t("reports.changeOf", { name })} onClick={() => setChanging(true)}>
                {t("reports.change")}
              </Button>
            )}
            <Button label={t("reports.endOf", { name })} onClick={() => void end()}>
              {t("reports.end")}
            </Button>
            {changing && report && dataset && (
              <ChangeSchedule
                {...{ report, dataset, schedule }}
                onStale={onChange}
                onClose={() => setChanging(false)}
              />
            )}
          </span>
        )
      }
    />
  );
}

const TONES: Readonly<Record<RunOf["state"], Tone>> = {
  sent: "right",
  retrying: "warn",
  failed: "wrong",
};

function columns(): Column<RunOf>[] {
  return [
    { key: "at", title: t("desk.at"), cell: run => formatDate(run.at), sortBy: run => run.at },
    { key: "name", title: t("reports.report"), cell: run => run.name, sortBy: run => run.name },
    {
      key: "state",
      title: t("desk.state"),
      cell: run => <Badge tone={TONES[run.state]}>{t(`reports.run_${run.state}`)}</Badge>,
      sortBy: run => run.state,
    },
    { key: "fault", title: t("desk.reason"), cell: run => faultWords(run) },
    {
      key: "rows",
      title: t("reports.rowsName"),
      align: "end",
      cell: run => formatNumber(run.rows),
      sortBy: run => run.rows,
    },
  ];
}

function faultWords({ fault, tried }: RunOf): string {
  if (fault === "") return "–";
  const key = `reports.${fault}`;
  const words = hasText(key) ? (t as (key: string) => string)(key) : explain(fault, { value: "…" });
  return `${words} ${t("reports.tries", { n: tried })}`;
}
