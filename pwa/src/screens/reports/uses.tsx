import { formatDate, hasText, t } from "../../i18n";
import type { RouteProps } from "../../router";
import type { Column } from "../../ui";
import { LongTable } from "../desk/long-table";
import { ReportsDesk } from "./frame";
import type { UseOf } from "./types";
import { useAnswer } from "./use-reports";
import { usedWith } from "./used-with";

/** Who ran, exported, kept or scheduled which report, with which filters. */
export function Uses(_: RouteProps) {
  const { body, problem } = useAnswer<readonly UseOf[]>("/api/reports/uses");
  return (
    <ReportsDesk page="uses" problem={problem}>
      <p class="soft">{t("reports.usesHint")}</p>
      <LongTable
        name="report-uses"
        columns={columns()}
        rows={body ?? []}
        rowKey={use => `${use.at}/${use.by}/${use.what}/${use.detail}`}
        empty={t(body ? "reports.usesNone" : "common.loading")}
      />
    </ReportsDesk>
  );
}

function columns(): Column<UseOf>[] {
  return [
    { key: "at", title: t("desk.at"), cell: use => formatDate(use.at), sortBy: use => use.at },
    { key: "by", title: t("desk.person"), cell: use => use.by || "–", sortBy: use => use.by },
    { key: "what", title: t("desk.action"), cell: use => what(use.what), sortBy: use => use.what },
    { key: "name", title: t("reports.report"), cell: use => use.name, sortBy: use => use.name },
    { key: "detail", title: t("reports.with"), cell: use => usedWith(use.detail) },
  ];
}

function what(name: string): string {
  const key = `reports.use_${name}`;
  return hasText(key) ? (t as (key: string) => string)(key) : name;
}
