import { formatNumber, hasText, language, t } from "../../i18n";
import { dateFormat } from "../../i18n/formatters";
import { eventName, type Group, operationWords, problemWords, word } from "../desk/words";
import type { Cell, TableColumn } from "./types";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** A cell in words; moments by the site's own clock. */
export function shown(column: TableColumn, value: Cell, zone: string): string {
  if (value === null || value === "") return "–";
  switch (column.type) {
    case "moment":
      return moment(Number(value), zone);
    case "date":
      return day(String(value));
    case "month":
      return month(String(value));
    case "weekday":
      return weekday(Number(value));
    case "hour":
      return `${String(value).padStart(2, "0")}:00`;
    case "flag":
      return t(value ? "common.yes" : "common.no");
    case "money":
      return formatNumber(Number(value), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    case "whole":
      return formatNumber(Number(value));
    case "number":
      return formatNumber(Number(value), { maximumFractionDigits: 2 });
    default:
      return words(column.words, String(value));
  }
}

/** Does it stand at the end of its column, and can it be drawn? */
export function isFigure(column: TableColumn): boolean {
  return ["whole", "number", "money"].includes(column.type);
}

/** The same words stand in a file: `python3 dev.py gen` hands them to the server. */
export function words(of: string, value: string): string {
  switch (of) {
    case "":
      return value;
    case "operation":
      return operationWords(value);
    case "event":
      return eventName(value);
    case "problem":
      return hasText(`errors.${value}`) ? problemWords(value) : value;
    case "became":
      return hasText(`audit.outcome_${value}`) ? t(`audit.outcome_${value as "held"}`) : value;
    default:
      return word(of as Group, value);
  }
}

function moment(at: number, zone: string): string {
  const how = { dateStyle: "medium", timeStyle: "short", timeZone: zone } as const;
  return dateFormat(language.value, how).format(at);
}

function day(iso: string): string {
  const how = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return dateFormat(language.value, how).format(Date.parse(`${iso}T00:00Z`));
}

function month(iso: string): string {
  const how = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return dateFormat(language.value, how).format(Date.parse(`${iso}-01T00:00Z`));
}

/** 1 is Monday. */
export function weekday(n: number): string {
  const how = { weekday: "short", timeZone: "UTC" } as const;
  return dateFormat(language.value, how).format(MONDAY + (n - 1) * DAY_MS);
}
