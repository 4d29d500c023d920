import { useEffect, useState } from "preact/hooks";
import { formatDate, formatNumber, language, t } from "../../i18n";
import { dateFormat } from "../../i18n/formatters";
import type { RouteProps } from "../../router";
import { Badge, Card, type Column, List, ListItem, Select, Table } from "../../ui";
import { read } from "../desk/ask";
import { Desk, orderPath, Tile } from "../desk/frame";

interface Mean {
  n: number;
  on_time: number;
  complete: number;
  courtesy: number;
}

interface Comment {
  order: string;
  number: string;
  at: number;
  on_time: boolean;
  complete: boolean;
  courtesy: number;
  comment: string;
  by: string;
}

interface Figures {
  days: number;
  asked: number;
  all: Mean;
  by_week: boolean;
  over_time: readonly (Mean & { start: number })[];
  carriers: readonly (Mean & { name: string })[];
  drivers: readonly (Mean & { name: string })[];
  comments: readonly Comment[];
}

const SPANS = [7, 30, 90, 365] as const;

/** What customers say of deliveries: means with how many they are of, and their own words. */
export function SurveyView(_: RouteProps) {
  const [days, setDays] = useState<number>(30);
  const { figures, problem } = useFigures(days);
  return (
    <Desk view="survey" title={t("survey.title")}>
      <Select
        label={t("survey.span")}
        value={String(days)}
        options={SPANS.map(n => ({ value: String(n), label: t("survey.days", { n }) }))}
        onChange={value => setDays(Number(value))}
      />
      {problem && <p role="alert">{problem}</p>}
      {!figures && !problem && <p role="status">{t("common.loading")}</p>}
      {figures && (figures.all.n > 0 ? <Shown figures={figures} /> : <p>{t("survey.none")}</p>)}
    </Desk>
  );
}

function useFigures(days: number): { figures: Figures | undefined; problem: string | undefined } {
  const [figures, setFigures] = useState<Figures>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const given = new AbortController();
    void read<Figures>(`/api/survey?days=${days}`, given.signal).then(got => {
      if (given.signal.aborted) return;
      if (got.ok) setFigures(got.body);
      setProblem(got.ok ? undefined : got.words);
    });
    return () => given.abort();
  }, [days]);
  return { figures, problem };
}

function Shown({ figures: f }: { figures: Figures }) {
  const of = t("survey.ofN", { n: f.all.n });
  return (
    <>
      <div class="grid tiles">
        <Tile
          name={t("survey.answers")}
          value={formatNumber(f.all.n)}
          detail={f.asked < f.all.n ? undefined : t("survey.ofAsked", { n: f.asked })}
        />
        <Tile name={t("survey.onTime")} value={share(f.all, "on_time")} detail={of} />
        <Tile name={t("survey.complete")} value={share(f.all, "complete")} detail={of} />
        <Tile
          name={t("survey.courtesy")}
          value={t("survey.ofFive", { value: courtesy(f.all) })}
          detail={of}
        />
      </div>
      <Card title={t("survey.overTime")}>
        <Means
          rows={f.over_time}
          first={{
            key: "start",
            title: t(f.by_week ? "survey.week" : "survey.day"),
            cell: row => day(row.start),
            sortBy: row => row.start,
          }}
          rowKey={row => String(row.start)}
        />
      </Card>
      {f.carriers.length > 0 && (
        <Card title={t("survey.byCarrier")}>
          <Named rows={f.carriers} title={t("survey.carrier")} />
        </Card>
      )}
      {f.drivers.length > 0 && (
        <Card title={t("survey.byDriver")}>
          <Named rows={f.drivers} title={t("survey.driver")} />
        </Card>
      )}
      <Card title={t("survey.comments")}>
        <List label={t("survey.comments")} empty={t("survey.noComments")}>
          {f.comments.map(each => (
            <Said key={each.order} said={each} />
          ))}
        </List>
      </Card>
    </>
  );
}

function Named({ rows, title }: { rows: readonly (Mean & { name: string })[]; title: string }) {
  return (
    <Means
      rows={rows}
      first={{ key: "name", title, cell: row => row.name, sortBy: row => row.name }}
      rowKey={row => row.name}
    />
  );
}

interface MeansProps<Row extends Mean> {
  rows: readonly Row[];
  first: Column<Row>;
  rowKey: (row: Row) => string;
}

function Means<Row extends Mean>({ rows, first, rowKey }: MeansProps<Row>) {
  const columns: Column<Row>[] = [
    first,
    {
      key: "n",
      title: t("survey.answers"),
      align: "end",
      cell: row => formatNumber(row.n),
      sortBy: row => row.n,
    },
    {
      key: "on_time",
      title: t("survey.onTime"),
      align: "end",
      cell: row => share(row, "on_time"),
      sortBy: row => row.on_time / row.n,
    },
    {
      key: "complete",
      title: t("survey.complete"),
      align: "end",
      cell: row => share(row, "complete"),
      sortBy: row => row.complete / row.n,
    },
    {
      key: "courtesy",
      title: t("survey.courtesy"),
      align: "end",
      cell: row => courtesy(row),
      sortBy: row => row.courtesy / row.n,
    },
  ];
  return <Table columns={columns} rows={rows} rowKey={rowKey} />;
}

function Said({ said }: { said: Comment }) {
  return (
    <ListItem
      title={said.comment}
      detail={
        <span class="stack">
          <span class="row">
            <a href={`#${orderPath(said.order)}`}>{said.number}</a>
            <span class="soft">
              {[formatDate(said.at), said.by].filter(text => text !== "").join(" · ")}
            </span>
          </span>
          <span class="row">
            <Badge tone={said.courtesy <= 2 ? "wrong" : "neutral"}>
              {t("survey.ofFive", { value: formatNumber(said.courtesy) })}
            </Badge>
            {!said.on_time && <Badge tone="warn">{t("survey.wasLate")}</Badge>}
            {!said.complete && <Badge tone="warn">{t("survey.wasIncomplete")}</Badge>}
          </span>
        </span>
      }
    />
  );
}

function share(mean: Mean, of: "on_time" | "complete"): string {
  return formatNumber(mean[of] / mean.n, { style: "percent", maximumFractionDigits: 0 });
}

function courtesy(mean: Mean): string {
  return formatNumber(mean.courtesy / mean.n, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/** The server cuts time by days of UTC. On one line, however narrow the column. */
function day(at: number): string {
  const shown = { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" } as const;
  return dateFormat(language.value, shown).format(at).replaceAll(" ", "\u00a0");
}
