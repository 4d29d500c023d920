import "./desk.css";
import "./long-table.css";
import "./problems.css";
import "./views.css";
import type { ComponentChildren } from "preact";
import { formatNumber, t } from "../../i18n";
import { role } from "../../shell";
import { loading, useRows } from "../../sync";
import { Card, Screen } from "../../ui";
import { useNews } from "./news";
import { Views } from "./views";

type View =
  | "board"
  | "tasks"
  | "waves"
  | "floor"
  | "problems"
  | "runs"
  | "carriers"
  | "survey"
  | "people"
  | "find"
  | "papers"
  | "stock"
  | "returns"
  | "devices"
  | "addDevice"
  | "settings";

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
      ],
    ],
    [
      "staff",
      [
        ["people", "/supervisor/people"],
        ["addDevice", "/supervisor/enrol"],
      ],
    ],
  ],
  service: [
    [
      "goods",
      [
        ["find", "/service"],
        ["papers", "/papers"],
        ["stock", "/stock"],
        ["problems", "/service/problems"],
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
      ],
    ],
    [
      "goods",
      [
        ["find", "/orders"],
        ["stock", "/stock"],
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
  const waiting = problems.length;
  const label = (name: View) =>
    name === "problems" && waiting > 0
      ? `${t("desk.problems")} (${formatNumber(waiting)})`
      : t(`desk.${name}`);
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
