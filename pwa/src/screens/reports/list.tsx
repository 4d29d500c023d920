import { explain, t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { Badge, Card, List, ListItem } from "../../ui";
import { ReportsDesk } from "./frame";
import type { ReportOf } from "./types";
import { useReports } from "./use-reports";

/** The ready reports, and the house's own. */
export function Reports(_: RouteProps) {
  const { body, problem } = useReports();
  const all = body?.reports ?? [];
  return (
    <ReportsDesk page="list" problem={problem}>
      <div class="grid report-lists">
        <Group title={t("reports.ready")} of={all.filter(each => each.standard)} />
        <Group title={t("reports.own")} of={all.filter(each => !each.standard)} />
      </div>
    </ReportsDesk>
  );
}

function Group({ title, of }: { title: string; of: readonly ReportOf[] }) {
  return (
    <Card title={title}>
      <List label={title} empty={t("reports.ownNone")}>
        {of.map(each => (
          <Item key={each.id} report={each} />
        ))}
      </List>
    </Card>
  );
}

function Item({ report }: { report: ReportOf }) {
  const about = report.standard ? report.about : report.by && t("reports.by", { name: report.by });
  return (
    <ListItem
      title={
        <span class="row" data-testid={`report-${report.id}`}>
          {report.name}
          {!report.may && <Badge tone="warn">{t("reports.notForYou")}</Badge>}
        </span>
      }
      detail={report.may ? about : explain(report.why, { value: t("reports.aField") })}
      {...(report.may && { onClick: () => navigate(`/reports/${encodeURIComponent(report.id)}`) })}
    />
  );
}
