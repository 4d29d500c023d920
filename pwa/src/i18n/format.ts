import { dateFormat, numberFormat } from "./formatters";
import { language } from "./language";

type Instant = number | Date;

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Hours and minutes on the device's clock, e.g. `14:05`. `at` is in ms since 1970 or a Date. */
export function formatTime(at: Instant): string {
  return dateFormat(language.value, CLOCK).format(at);
}

/** Day, month and time, e.g. `22 Nov, 14:05`. */
export function formatDate(at: Instant): string {
  const day = { month: "short", day: "numeric", ...CLOCK } as const;
  return dateFormat(language.value, day).format(at);
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return numberFormat(language.value, options).format(value);
}

const UNITS = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

/** A length of time in its largest whole unit, e.g. `4 min`. `ms` is in milliseconds, never negative. */
export function formatDuration(ms: number): string {
  const { unit, ms: size } = UNITS.find(each => ms >= each.ms) ?? UNITS[3];
  const options = { style: "unit", unit, unitDisplay: "short" } as const;
  return formatNumber(Math.max(0, Math.floor(ms / size)), options);
}
