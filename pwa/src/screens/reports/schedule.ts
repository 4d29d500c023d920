import { language } from "../../i18n";
import type { Sending, Wanted } from "./types";

/** What a dialog holds of a schedule: the time as `06:00`, recipients as they were typed. */
export interface Plan {
  readonly every: "day" | "week" | "month";
  readonly on: string;
  readonly time: string;
  readonly to: string;
  readonly format: "csv" | "xlsx" | "pdf";
  readonly lang: "en" | "zh-Hans" | "zh-Hant";
  readonly values: "words" | "codes";
}

export function newPlan(): Plan {
  const when = { every: "day", on: "1", time: "06:00" } as const;
  return { ...when, to: "", format: "xlsx", lang: language.value, values: "words" };
}

/** What a schedule that there is asks for, to be changed. */
export function planOf({ rhythm, to, ...file }: Sending): Plan {
  const { every = "day", on = 1, minute = 360 } = rhythm;
  const { format = "xlsx", lang = "en", values = "words" } = file;
  const when = { every, on: String(on), time: timeOf(minute) };
  return { ...when, to: to.join("\n"), format, lang, values };
}

/** Its period and filters. */
export function wantedIn({ asked = {} }: Sending): Wanted {
  const { period = "", start = "", end = "", filters = [] } = asked;
  const whole = filters.map(({ field, op = "is", values = [""] }) => ({ field, op, values }));
  return { period, start, end, filters: whole };
}

/** Addresses between commas, blanks, semicolons or line ends, each once. */
export function addressesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；]+/).filter(Boolean))];
}

/** Minutes after midnight; `null` for what is no time. */
export function minuteOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(time);
  const [hours, minutes] = [Number(found?.[1]), Number(found?.[2])];
  return found && hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

export function timeOf(minute: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** What the server is asked for; `null` while the time is none or nobody would get it. */
export function sendingOf(plan: Plan, wanted: Wanted): Sending | null {
  const minute = minuteOf(plan.time);
  const to = addressesOf(plan.to);
  if (minute === null || to.length === 0) return null;
  const { period, start, end, filters } = wanted;
  const asked = { period: period as NonNullable<Sending["asked"]>["period"], start, end };
  return {
    rhythm: { every: plan.every, on: Number(plan.on), minute },
    to,
    format: plan.format,
    lang: plan.lang,
    values: plan.values,
    asked: { ...asked, filters: [...filters] } as NonNullable<Sending["asked"]>,
  };
}
