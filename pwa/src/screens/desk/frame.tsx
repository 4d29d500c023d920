import "./desk.css";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { role } from "../../shell";
import { loading, useRows } from "../../sync";
import { Card, Screen, Tabs } from "../../ui";
import { useNews } from "./news";

type View =
  | "board"
  | "tasks"
  | "waves"
  | "floor"
  | "problems"
  | "runs"
  | "carriers"
  | "people"
  | "find"
  | "stock"
  | "returns"
  | "devices"
  | "addDevice"
  | "settings";

/** The views of each desk and their addresses. */
const VIEWS: Readonly<Record<string, readonly (readonly [View, string])[]>> = {
  supervisor: [
    ["board", "/supervisor"],
    ["waves", "/supervisor/waves"],
    ["tasks", "/supervisor/tasks"],
    ["floor", "/supervisor/floor"],
    ["problems", "/supervisor/problems"],
    ["runs", "/supervisor/runs"],
    ["carriers", "/supervisor/carriers"],
    ["people", "/supervisor/people"],
    ["stock", "/stock"],
    ["returns", "/returns"],
    ["find", "/orders"],
    ["addDevice", "/supervisor/enrol"],
  ],
  service: [
    ["find", "/service"],
    ["stock", "/stock"],
    ["problems", "/service/problems"],
  ],
  admin: [
    ["people", "/admin"],
    ["addDevice", "/admin/enrol"],
    ["find", "/orders"],
    ["stock", "/stock"],
    ["settings", "/admin/settings"],
  ],
};

function views() {
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
  const mine = views();
  const problems = useRows("discrepancy");
  useNews(problems);
  const waiting = problems.length;
  const place = useRef<HTMLDivElement>(null);
  // On a phone the views do not fit side by side.
  useLayoutEffect(() => {
    const current = place.current?.querySelector(".tabs [aria-current]");
    current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
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
      <div class="desk stack" ref={place}>
        {mine.length > 0 && (
          <Tabs
            label={t("desk.views")}
            current={mine.find(([name]) => name === view)?.[1] ?? ""}
            items={mine.map(([name, path]) => ({ path, label: label(name) }))}
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
