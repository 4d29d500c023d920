import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, Select, toast } from "../../ui";
import { refusalWords, withSid } from "../desk/ask";
import { PERIODS, placeOf, sourceOf, wantedOf } from "./address";
import { Chart } from "./chart";
import { FilterList } from "./filter-list";
import { ReportsDesk } from "./frame";
import { ScheduleDialog } from "./schedule-dialog";
import { ValuesSelect } from "./schedule-fields";
import { ResultTable } from "./table";
import type { Overview, ReportOf, ShownReport, Wanted } from "./types";
import { useAnswer, useReports } from "./use-reports";

/** One report: period and filters in the address, its chart, its table, its files. */
export function Run({ params, query }: RouteProps) {
  const id = params.id ?? "";
  const wanted = wantedOf(query);
  const { body, problem, busy } = useAnswer<ShownReport>(sourceOf(id, wanted));
  const overview = useReports().body;
  const report = overview?.reports.find(each => each.id === id);
  const shown = body?.table;
  useEffect(() => {
    if (shown) announce(t("reports.rows", { n: shown.rows.length }));
  }, [shown]);
  return (
    <ReportsDesk title={body?.name ?? report?.name ?? t("desk.reports")} problem={problem}>
      {report && overview && <Ask report={report} overview={overview} wanted={wanted} />}
      {report && <Actions report={report} wanted={wanted} />}
      {busy && <p role="status">{t("common.loading")}</p>}
      {shown && (
        <>
          <p class="soft">{t("reports.rows", { n: shown.rows.length })}</p>
          <Chart table={shown} shape={shown.chart} />
          <ResultTable table={shown} />
        </>
      )}
    </ReportsDesk>
  );
}

interface AskProps {
  report: ReportOf;
  overview: Overview;
  wanted: Wanted;
}

function Ask({ report, overview, wanted }: AskProps) {
  const dataset = overview.datasets.find(each => each.name === report.spec.dataset);
  const show = (next: Wanted) => navigate(placeOf(report.id, next), { replace: true });
  return (
    <div class="report-ask">
      {dataset?.time && <Period report={report} wanted={wanted} onChange={show} />}
      <details open={wanted.filters.length > 0}>
        <summary class="button">
          {t("reports.filters")}
          {wanted.filters.length > 0 && ` (${formatNumber(wanted.filters.length)})`}
        </summary>
        <Filters
          key={JSON.stringify(wanted.filters)}
          fields={dataset?.fields ?? []}
          wanted={wanted}
          onChange={show}
        />
      </details>
    </div>
  );
}

interface PeriodProps {
  report: ReportOf;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

function Period({ report, wanted, onChange }: PeriodProps) {
  const own = wanted.start || wanted.end;
  const usual = report.spec.period || "all";
  const choose = (period: string) => {
    const today = new Date().toISOString().slice(0, 10);
    const dates = period === "dates" ? { start: today, end: today } : { start: "", end: "" };
    onChange({ ...wanted, ...dates, period: period === "dates" ? "" : period });
  };
  return (
    <>
      <Select
        label={t("reports.period")}
        value={own ? "dates" : wanted.period || usual}
        options={[...PERIODS, "dates" as const].map(value => ({
          value,
          label: t(`reports.period_${value}`),
        }))}
        onChange={choose}
      />
      {own && (
        <>
          <Field
            label={t("reports.from")}
            type="date"
            value={wanted.start}
            onInput={start => onChange({ ...wanted, start })}
          />
          <Field
            label={t("reports.until")}
            type="date"
            value={wanted.end}
            onInput={end => onChange({ ...wanted, end })}
          />
        </>
      )}
    </>
  );
}

interface FiltersProps {
  fields: Overview["datasets"][number]["fields"];
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

function Filters({ fields, wanted, onChange }: FiltersProps) {
  const [filters, setFilters] = useState(wanted.filters);
  return (
    <div class="stack">
      <FilterList fields={fields} filters={filters} onChange={setFilters} />
      <p>
        <Button
          kind="primary"
          data-testid="show-report"
          onClick={() => onChange({ ...wanted, filters })}
        >
          {t("reports.show")}
        </Button>
      </p>
    </div>
  );
}

const FORMATS = [
  ["csv", "CSV"],
  ["xlsx", "Excel"],
  ["pdf", "PDF"],
] as const;

function Actions({ report, wanted }: { report: ReportOf; wanted: Wanted }) {
  const [asking, setAsking] = useState<"schedule" | "delete">();
  const [values, setValues] = useState("words");
  const edit = `/reports/build/${encodeURIComponent(report.id)}`;
  return (
    <div class="row report-actions">
      {FORMATS.map(([format, name]) => (
        <a
          key={format}
          class="button secondary"
          download
          href={withSid(sourceOf(report.id, wanted, format, values))}
          data-testid={`export-${format}`}
        >
          {name}
        </a>
      ))}
      <ValuesSelect value={values} onChange={setValues} />
      <Button onClick={() => setAsking("schedule")}>{t("reports.schedule")}</Button>
      <Button onClick={() => navigate(edit)}>
        {t(report.mine ? "reports.change" : "reports.copy")}
      </Button>
      {report.mine && <Button onClick={() => setAsking("delete")}>{t("reports.deleteIt")}</Button>}
      {asking === "schedule" && (
        <ScheduleDialog report={report} wanted={wanted} onClose={() => setAsking(undefined)} />
      )}
      {asking === "delete" && <Delete report={report} onClose={() => setAsking(undefined)} />}
    </div>
  );
}

function Delete({ report, onClose }: { report: ReportOf; onClose: () => void }) {
  const remove = async () => {
    const words = refusalWords(await submit("reports.delete_report", { report: report.id }));
    if (words) return toast(words, { tone: "wrong" });
    announce(t("reports.deleted", { name: report.name }));
    navigate("/reports");
  };
  return (
    <Dialog
      title={t("reports.deleteTitle", { name: report.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" onClick={() => void remove()}>
            {t("reports.deleteIt")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("reports.deleteHint")}</p>
    </Dialog>
  );
}
