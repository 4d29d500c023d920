import { useState } from "preact/hooks";
import { language, t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { submit } from "../../sync";
import { announce, Button, Field, Select } from "../../ui";
import { type Asked, ask, refusalWords } from "../desk/ask";
import { Columns, Groups, Looks } from "./build-parts";
import { Chart } from "./chart";
import { begin, type Draft, draftOf, sortable } from "./draft";
import { FilterList } from "./filter-list";
import { ReportsDesk } from "./frame";
import { ResultTable } from "./table";
import type { Overview, ReportOf, ReportTable } from "./types";
import { useReports } from "./use-reports";

/** Builds a report of one's own: from nothing, from a ready one, or one's own again. */
export function Build({ params }: RouteProps) {
  const { body, problem } = useReports();
  const from = body?.reports.find(each => each.id === params.id);
  return (
    <ReportsDesk page="build" problem={problem}>
      {body ? (
        <Builder key={params.id ?? ""} overview={body} from={from} />
      ) : (
        <p role="status">{t("common.loading")}</p>
      )}
    </ReportsDesk>
  );
}

interface BuilderProps {
  overview: Overview;
  from: ReportOf | undefined;
}

function Builder({ overview, from }: BuilderProps) {
  const { datasets } = overview;
  const [draft, setDraft] = useState<Draft | undefined>(() =>
    from ? draftOf(from.spec) : datasets[0] && begin(datasets[0]),
  );
  const dataset = datasets.find(each => each.name === draft?.dataset);
  if (!draft || !dataset) return null;
  const set = (part: Partial<Draft>) => setDraft(sortable({ ...draft, ...part }));
  const choose = (name: string) => {
    const next = datasets.find(each => each.name === name);
    if (next) setDraft(begin(next));
  };
  return (
    <>
      <Select
        label={t("reports.data")}
        hint={dataset.about}
        value={draft.dataset}
        options={datasets.map(({ name, label }) => ({ value: name, label }))}
        onChange={choose}
      />
      <Groups dataset={dataset} draft={draft} onChange={set} />
      <Columns dataset={dataset} draft={draft} onChange={set} />
      <FilterList
        fields={dataset.fields}
        filters={draft.filters}
        onChange={filters => set({ filters })}
      />
      <Looks dataset={dataset} draft={draft} onChange={set} />
      <Preview draft={draft} />
      <Keep draft={draft} from={from} />
    </>
  );
}

function Preview({ draft }: { draft: Draft }) {
  const [got, setGot] = useState<Asked<ReportTable>>();
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    const path = "/api/reports/preview";
    const found = await ask<ReportTable>(path, { spec: draft, lang: language.value });
    setBusy(false);
    setGot(found);
    announce(found.ok ? t("reports.rows", { n: found.body.rows.length }) : found.words);
  };
  return (
    <section class="stack">
      <p>
        <Button disabled={busy} onClick={() => void look()} data-testid="preview">
          {t("reports.preview")}
        </Button>
      </p>
      {got && !got.ok && <p role="alert">{got.words}</p>}
      {got?.ok && (
        <>
          <Chart table={got.body} shape={got.body.chart} />
          <ResultTable table={got.body} />
        </>
      )}
    </section>
  );
}

interface KeepProps {
  draft: Draft;
  from: ReportOf | undefined;
}

/** One's own is changed; any other is kept under a name of its own. */
function Keep({ draft, from }: KeepProps) {
  const [name, setName] = useState(from?.mine ? from.name : "");
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    if (name.trim() === "") return setProblem(t("reports.nameNeeded"));
    const report = from?.mine ? from.id : null;
    const args = { name: name.trim(), spec: draft, report };
    const words = refusalWords(await submit("reports.save_report", args));
    setProblem(words);
    if (words) return;
    announce(t("reports.saved", { name }));
    navigate(report ? `/reports/${encodeURIComponent(report)}` : "/reports");
  };
  return (
    <section class="report-part keep">
      <Field
        label={t("reports.name")}
        value={name}
        onInput={setName}
        maxLength={120}
        error={problem}
        name="report-name"
      />
      <Button kind="primary" onClick={() => void save()} data-testid="save-report">
        {t("common.save")}
      </Button>
    </section>
  );
}
