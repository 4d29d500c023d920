import "./reports.css";
import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { role } from "../../shell";
import { Desk } from "../desk/frame";

export type Page = "list" | "build" | "schedules" | "uses";

const PAGES: readonly (readonly [Page, string])[] = [
  ["list", "/reports"],
  ["build", "/reports/build"],
  ["schedules", "/reports/schedules"],
  ["uses", "/reports/uses"],
];

interface ReportsDeskProps {
  page?: Page;
  title?: string;
  subtitle?: string;
  problem?: string | undefined;
  children: ComponentChildren;
}

/** One page of the reports, with the way to the others. Who used what is for administrators. */
export function ReportsDesk({ page, title, subtitle, problem, children }: ReportsDeskProps) {
  const pages = PAGES.filter(([name]) => name !== "uses" || role.value === "admin");
  return (
    <Desk
      view="reports"
      {...(title !== undefined && { title })}
      {...(subtitle !== undefined && { subtitle })}
    >
      <nav class="report-pages" aria-label={t("desk.reports")}>
        {pages.map(([name, path]) => (
          <a key={name} href={`#${path}`} aria-current={name === page ? "page" : undefined}>
            {t(`reports.page_${name}`)}
          </a>
        ))}
      </nav>
      {problem && <p role="alert">{problem}</p>}
      {children}
    </Desk>
  );
}
