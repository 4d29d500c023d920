import { t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { navigate, type RouteProps } from "../../router";
import { now } from "../../shell";
import { session, useRows } from "../../sync";
import { Button, type Column, Field, Select } from "../../ui";
import { LevelBadge, levelWords, OutcomeBadge, TimeLeft } from "./case-badges";
import { type CaseFilter, LEVELS, readFilter, shownCases, writeFilter } from "./cases";
import { brief, details, photosOf } from "./details";
import { Desk, problemsPath } from "./frame";
import { LongTable } from "./long-table";
import { ago, problemWords } from "./words";

/** What did not go as the books say, until somebody settles it: those due first at the top. */
export function Problems({ query }: RouteProps) {
  const filter = readFilter(query);
  const cases = useRows("discrepancy");
  const me = session.value?.person ?? "";
  const shown = shownCases(cases, filter, { me, now: now.value, words });
  return (
    <Desk view="problems">
      <Filters filter={filter} cases={cases} me={me} />
      <LongTable
        name="cases"
        columns={columns()}
        rows={shown}
        rowKey={problem => problem.id}
        empty={t("supervisor.noProblems")}
        onOpen={problem => navigate(problemsPath(problem.id))}
      />
    </Desk>
  );
}

/** All that a case says on the desk, to be looked through. */
function words(row: DiscrepancyRow): string {
  const said = [problemWords(row.kind), row.order_number, row.customer_name, row.owner_name];
  const told = details(row.details).map(([, value]) => value);
  return [...said, ...told].filter(Boolean).join("\n");
}

function show(filter: CaseFilter): void {
  navigate(problemsPath() + writeFilter(filter), { replace: true });
}

interface FiltersProps {
  filter: CaseFilter;
  cases: readonly DiscrepancyRow[];
  me: string;
}

function Filters({ filter, cases, me }: FiltersProps) {
  const kinds = [...new Set([...cases.map(({ kind }) => kind), filter.kind])].filter(Boolean);
  const owners = new Map(cases.map(({ owner, owner_name }) => [owner ?? "", owner_name ?? ""]));
  const others = [...owners].filter(([id]) => id !== "" && id !== me);
  return (
    <div class="toolbar case-filters">
      <Field
        label={t("desk.filter")}
        type="search"
        value={filter.text}
        placeholder={t("exceptions.filterHint")}
        onInput={text => show({ ...filter, text })}
      />
      <Select
        label={t("exceptions.levelOf")}
        value={filter.level}
        onChange={level => show({ ...filter, level })}
        options={[
          { value: "", label: t("exceptions.allLevels") },
          ...LEVELS.map(level => ({ value: String(level), label: levelWords(level) })),
        ]}
      />
      <Select
        label={t("exceptions.kindOf")}
        value={filter.kind}
        onChange={kind => show({ ...filter, kind })}
        options={[
          { value: "", label: t("exceptions.allKinds") },
          ...kinds.sort().map(kind => ({ value: kind, label: problemWords(kind) })),
        ]}
      />
      <Select
        label={t("exceptions.owner")}
        value={filter.owner}
        onChange={owner => show({ ...filter, owner })}
        options={[
          { value: "", label: t("exceptions.anyOwner") },
          { value: "me", label: t("exceptions.mine") },
          { value: "nobody", label: t("exceptions.nobodys") },
          ...others.map(([value, label]) => ({ value, label })),
        ]}
      />
      <Select
        label={t("exceptions.due")}
        value={filter.overdue ? "1" : ""}
        onChange={value => show({ ...filter, overdue: value === "1" })}
        options={[
          { value: "", label: t("exceptions.allTimes") },
          { value: "1", label: t("exceptions.overdueOnly") },
        ]}
      />
      <Button onClick={() => navigate(problemsPath("known"))}>{t("exceptions.known")}</Button>
    </div>
  );
}

function columns(): Column<DiscrepancyRow>[] {
  return [
    {
      key: "problem",
      title: t("exceptions.problem"),
      cell: problem => <What problem={problem} />,
      sortBy: problem => problemWords(problem.kind),
    },
    {
      key: "order",
      title: t("desk.order"),
      cell: problem =>
        problem.order_number && (
          <span class="two-lines">
            <span>{problem.order_number}</span>
            <span class="soft">{problem.customer_name}</span>
          </span>
        ),
      sortBy: problem => problem.order_number ?? "",
    },
    {
      key: "level",
      title: t("exceptions.levelOf"),
      cell: problem => <LevelBadge level={problem.level} />,
      sortBy: problem => problem.level,
    },
    {
      key: "due",
      title: t("exceptions.due"),
      cell: problem => <TimeLeft problem={problem} />,
      sortBy: problem => problem.due_at,
    },
    {
      key: "age",
      title: t("exceptions.age"),
      cell: problem => ago(problem.at, now.value),
      sortBy: problem => -problem.at,
    },
    {
      key: "owner",
      title: t("exceptions.owner"),
      cell: problem => problem.owner_name ?? t("exceptions.nobodys"),
      sortBy: problem => problem.owner_name ?? "",
    },
  ];
}

function What({ problem }: { problem: DiscrepancyRow }) {
  const photos = photosOf(problem.details).length;
  const told = [brief(problem.details), photos > 0 && t("exceptions.photos", { n: photos })]
    .filter(Boolean)
    .join(" · ");
  return (
    <span class="two-lines problem" data-testid={`case-${problem.id}`}>
      <span>{problemWords(problem.kind)}</span>
      {told && <span class="soft">{told}</span>}
      <OutcomeBadge outcome={problem.outcome} />
    </span>
  );
}
