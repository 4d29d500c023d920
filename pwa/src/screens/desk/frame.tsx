import "./desk.css";
import "./long-table.css";
import "./problems.css";
import "./views.css";
import type { ComponentChildren } from "preact";
import { formatNumber, t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { now, role } from "../../shell";
import { loading, useRows } from "../../sync";
import { Card, Screen } from "../../ui";
import { overdue } from "./cases";
import { useNews } from "./news";
import { useReminders } from "./reminders";
import { Views } from "./views";

type View =
  | "board"
  | "tasks"
  | "waves"
  | "floor"
  | "problems"
  | "runs"
  | "carriers"
  | "insight"
  | "survey"
  | "people"
  | "find"
  | "papers"
  | "reports"
  | "stock"
  | "returns"
  | "devices"
  | "addDevice"
  | "settings"
  | "audit";

type Group = "work" | "goods" | "road" | "staff";

/** The views of each desk and their addresses, by what they are about. */
const VIEWS: Readonly<
  Record<string, readonly (readonly [Group, readonly (readonly [View, string])[]])[]>
> = {
  supervisor: [
    [
      "work",
      [
        ["board", "/supervisor"],
        ["waves", "/supervisor/waves"],
        ["tasks", "/supervisor/tasks"],
        ["floor", "/supervisor/floor"],
        ["problems", "/supervisor/problems"],
        ["insight", "/insight"],
      ],
    ],
    [
      "road",
      [
        ["runs", "/supervisor/runs"],
        ["carriers", "/supervisor/carriers"],
        ["survey", "/supervisor/survey"],
      ],
    ],
    [
      "goods",
      [
        ["find", "/orders"],
        ["stock", "/stock"],
        ["returns", "/returns"],
        ["papers", "/papers"],
        ["reports", "/reports"],
      ],
    ],
    [
      "staff",
      [
        ["people", "/supervisor/people"],
        ["addDevice", "/supervisor/enrol"],
        ["audit", "/audit"],
      ],
    ],
  ],
  service: [
    [
      "goods",
      [
        ["find", "/service"],
        ["papers", "/papers"],
        ["reports", "/reports"],
        ["stock", "/stock"],
        ["problems", "/service/problems"],
        ["insight", "/insight"],
      ],
    ],
  ],
  admin: [
    [
      "staff",
      [
        ["people", "/admin"],
        ["addDevice", "/admin/enrol"],
        ["settings", "/admin/settings"],
        ["audit", "/audit"],
      ],
    ],
    [
      "goods",
      [
        ["find", "/orders"],
        ["reports", "/reports"],
        ["stock", "/stock"],
        ["problems", "/admin/problems"],
        ["insight", "/insight"],
      ],
    ],
  ],
};

function groups() {
  return VIEWS[role.value ?? ""] ?? [];
}

/** The address of an order's story for whoever is at work. */
export function orderPath(id: string): string {
  const where = role.value === "service" ? "/service/order" : "/orders";
  return `${where}/${encodeURIComponent(id)}`;
}

/** The address of the problems of whoever is at work, of one of them, or of those that are known. */
export function problemsPath(which = ""): string {
  const list = `/${role.value ?? "supervisor"}/problems`;
  return which ? `${list}/${encodeURIComponent(which)}` : list;
}

export interface DeskProps {
  view: View;
  /** In place of the view's own name. */
  title?: string;
  subtitle?: string;
  back?: string;
  children: ComponentChildren;
}

/** One view of a desk: its title, the way to the others, what is to be seen. */
export function Desk({ view, title, subtitle, back, children }: DeskProps) {
  const mine = groups();
  const problems = useRows("discrepancy");
  useNews(problems);
  useReminders(problems);
  const label = (name: View) => (name === "problems" ? problemsLabel(problems) : t(`desk.${name}`));
  return (
    <Screen
      title={title ?? t(`desk.${view}`)}
      wide
      {...(subtitle !== undefined && { subtitle })}
      {...(back !== undefined && { back })}
    >
      <div class="desk stack">
        {mine.length > 0 && (
          <Views
            label={t("desk.views")}
            current={mine.flatMap(([, of]) => of).find(([name]) => name === view)?.[1] ?? ""}
            groups={mine.map(([group, of]) => ({
              label: t(`desk.of.${group}`),
              items: of.map(([name, path]) => ({ path, label: label(name) })),
            }))}
          />
        )}
        {loading.value && <p role="status">{t("common.loading")}</p>}
        {children}
      </div>
    </Screen>
  );
}

/** How many problems are open, and how many of them too long. */
function problemsLabel(problems: readonly DiscrepancyRow[]): string {
  if (problems.length === 0) return t("desk.problems");
  const late = overdue(problems, now.value).length;
  const counts = [formatNumber(problems.length)];
  if (late > 0) counts.push(t("exceptions.overdueCount", { n: late }));
  return `${t("desk.problems")} (${counts.join(", ")})`;
}

export interface TileProps {
  name: string;
  value: string;
  detail?: string | undefined;
  /** Where more is told. */
  href?: string;
  tone?: "wrong" | undefined;
}

/** One figure. */
export function Tile({ name, value, detail, href, tone }: TileProps) {
  const inner = (
    <>
      <p class="section-title">{name}</p>
      <p class="value" data-testid={`figure-${name}`}>
        {value}
      </p>
      <p class="detail">{detail ?? "\u00a0"}</p>
    </>
  );
  const look = `figure-tile ${tone ?? ""}`;
  if (!href) return <Card class={look}>{inner}</Card>;
  return (
    <a class={`card ${look}`} href={`#${href}`}>
      {inner}
    </a>
  );
}
