/** Figures, their formulas and their members in words. */
import { signal } from "@preact/signals";
import { formatNumber, hasText, language, t } from "../../i18n";
import { dateFormat } from "../../i18n/formatters";
import { causeWords, problemWords, word } from "../desk/words";
import { money } from "../supervisor/consigning";
import type { By } from "./address";
import type { Shown, Worth } from "./types";

type Unit = "count" | "hours" | "minutes" | "percent" | "per_hour" | "of_five" | "money";
const UNITS: Readonly<Record<string, Unit>> = {
  received: "count",
  minutes: "minutes",
  cost: "money",
  delivered: "count",
  cycle: "hours",
  pick_rate: "per_hour",
  settled: "count",
  satisfaction: "of_five",
};
/** Figures of which less is better. */
const FALLS: ReadonlySet<string> = new Set(
  "cycle errors problems returns cancelled minutes cost".split(" "),
);
/** Figures that tell nothing until the site has prices. */
const PRICED: ReadonlySet<string> = new Set(["cost", "margin"]);

/** The currency of what is priced, empty where nothing is. */
export const pricedIn = signal("");

const say = t as (key: string) => string;

export function nameOf(figure: string): string {
  return say(`insight.name.${figure}`);
}

export function formulaOf(figure: string): string {
  return say(`insight.formula.${figure}`);
}

export function dimensionWord(dimension: string): string {
  return say(`insight.of.${dimension}`);
}

/** A figure's value with its unit; a dash where there is none. */
export function valueWords(figure: string, value: number | null): string {
  if (value === null) return "–";
  const unit = UNITS[figure] ?? "percent";
  if (unit === "count") return formatNumber(value);
  if (unit === "money") return money(Math.round(value), pricedIn.value);
  const digits = Math.abs(value) < 10 ? 2 : 1;
  const n = formatNumber(value, { maximumFractionDigits: digits });
  return t(`insight.unit.${unit}`, { n });
}

/** What a figure was made of, e.g. `940 of 1,000`. */
export function madeOf(figure: string, worth: Worth): string {
  const n = formatNumber(worth.top);
  switch (figure) {
    case "received":
    case "delivered":
      return t("insight.ordersN", { n: worth.top });
    case "cycle":
    case "minutes":
    case "cost":
      return t("insight.ordersN", { n: worth.bottom });
    case "satisfaction":
      return t("insight.answersN", { n: worth.bottom });
    case "settled":
      return t("insight.problemsN", { n: worth.top });
    case "pick_rate":
      return t("insight.linesN", { n: worth.top });
    case "margin":
      return t("insight.ofN", {
        n: money(worth.top, pricedIn.value),
        total: money(worth.bottom, pricedIn.value),
      });
    case "saved":
      return t("desk.metres", { n: formatNumber(Math.round(worth.top / 10)) });
    default:
      return t("insight.ofN", { n, total: formatNumber(worth.bottom) });
  }
}

/** What stands under a value: what it was made of, or why there is none. */
export function underValue({ key, whole }: Shown): string {
  if (PRICED.has(key) && !pricedIn.value) return t("insight.noPrices");
  return madeOf(key, whole);
}

/** Why a figure is not told of a part of the site. */
export function untoldWords({ lacks }: Shown): string {
  const dimensions = lacks.map(dimensionWord).join(" + ");
  return t(lacks.length > 1 ? "insight.notTogether" : "insight.notBy", { dimensions });
}

/** Whether it is as good as it is meant to be; `undefined` where nothing is meant or known. */
export function isMet({ key, target, whole }: Shown): boolean | undefined {
  if (target === null || whole.value === null) return undefined;
  return FALLS.has(key) ? whole.value <= target : whole.value >= target;
}

/** The target, and whether it is met: in words, for colour alone tells nobody. */
export function targetWords(shown: Shown): string | undefined {
  if (shown.target === null) return undefined;
  const target = valueWords(shown.key, shown.target);
  const met = isMet(shown);
  const bound = t(FALLS.has(shown.key) ? "insight.atMost" : "insight.atLeast", { target });
  if (met === undefined) return bound;
  return `${bound} · ${t(met ? "insight.met" : "insight.missed")}`;
}

/** A member in words: its own name, or what its code means. */
export function memberWords(dimension: string, member: string, name = ""): string {
  if (name) return name;
  if (dimension === "kind") return problemWords(member);
  if (dimension === "carrier" && member === "own") return t("insight.ownVans");
  if (dimension === "cause") return causeWords(member);
  if (dimension === "reason") return reasonWords(member);
  return member;
}

function reasonWords(reason: string): string {
  const own = `insight.reason.${reason}`;
  return hasText(own) ? say(own) : word("why", reason);
}

const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", timeZone: "UTC" };
const MONTH: Intl.DateTimeFormatOptions = { month: "short", year: "numeric", timeZone: "UTC" };

/** The name of a period by its first day. */
export function periodWords(start: string, by: By): string {
  const at = new Date(`${start}T00:00:00Z`);
  if (by === "month") return dateFormat(language.value, MONTH).format(at);
  const day = dateFormat(language.value, DAY).format(at);
  return by === "week" ? t("insight.weekOf", { day }) : day;
}

/** What a chart shows, in sentences. */
export function chartWords(shown: Shown, starts: readonly string[], by: By): string {
  const known = shown.series.flatMap((worth, at) =>
    worth.value === null ? [] : [{ value: worth.value, start: starts[at] ?? "" }],
  );
  const whole = t("insight.whole", {
    figure: nameOf(shown.key),
    value: valueWords(shown.key, shown.whole.value),
  });
  if (known.length < 2) return whole;
  const ranked = known.toSorted((a, b) => a.value - b.value);
  const tell = (at: { value: number; start: string } | undefined) => ({
    value: valueWords(shown.key, at?.value ?? null),
    period: periodWords(at?.start ?? "", by),
  });
  const low = tell(ranked[0]);
  const high = tell(ranked.at(-1));
  return `${whole} ${t("insight.lowest", low)} ${t("insight.highest", high)}`;
}
