/** What a schedule asks for, in words. */
import { LANGUAGES, t } from "../../i18n";
import { timeOf } from "./schedule";
import type { ScheduleOf, Sending } from "./types";
import { toldWords } from "./used-with";
import { weekday } from "./values";

const PARTS = ["rhythm", "to", "format", "language", "values", "with", "by"] as const;
type Part = (typeof PARTS)[number];

export interface Compared {
  readonly part: string;
  readonly seen: string;
  readonly now: string;
}

export function rhythmWords({ every = "day", on = 1, minute = 360 }: Sending["rhythm"]): string {
  const time = timeOf(minute);
  if (every === "week") return t("reports.weekly", { day: weekday(on), time });
  return every === "month" ? t("reports.monthly", { day: on, time }) : t("reports.daily", { time });
}

export function formatWords(format: Sending["format"] = "xlsx"): string {
  return format === "xlsx" ? "Excel" : format.toUpperCase();
}

/** Each part as it was seen and as it is now. */
export function compared(seen: ScheduleOf, now: ScheduleOf): readonly Compared[] {
  return PARTS.map(part => ({ part: NAMES[part](), seen: says(seen, part), now: says(now, part) }));
}

const NAMES: Readonly<Record<Part, () => string>> = {
  rhythm: () => t("reports.every"),
  to: () => t("reports.to"),
  format: () => t("reports.format"),
  language: () => t("reports.language"),
  values: () => t("reports.values"),
  with: () => t("reports.with"),
  by: () => t("reports.setUpBy"),
};

function says({ sending, by }: ScheduleOf, part: Part): string {
  switch (part) {
    case "rhythm":
      return rhythmWords(sending.rhythm);
    case "to":
      return sending.to.join(", ");
    case "format":
      return formatWords(sending.format);
    case "language":
      return LANGUAGES[sending.lang ?? "en"];
    case "values":
      return t(`reports.values_${sending.values ?? "words"}`);
    case "with":
      return toldWords({
        asked: { ...sending.asked, filters: [] },
        filters: sending.asked?.filters ?? [],
      });
    case "by":
      return by || "–";
  }
}
