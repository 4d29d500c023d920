import { formatDate, formatTime, t } from "../i18n";
import { now } from "../shell";
import { Badge } from "../ui";

export interface Expected {
  readonly state: string;
  readonly eta: number | null;
  readonly opens_at: number;
  readonly closes_at: number;
}

/** The time alone where it is today, with the day before it where it is not. */
export function clock(at: number, today = now.value): string {
  const sameDay = new Date(at).toDateString() === new Date(today).toDateString();
  return sameDay ? formatTime(at) : formatDate(at);
}

/** When a stop is expected and when it may be; nothing of one that is reached or not planned. */
export function Arrival({ stop }: { stop: Expected }) {
  if (stop.state !== "planned") return null;
  const late = stop.eta !== null && stop.closes_at > 0 && stop.eta > stop.closes_at;
  return (
    <>
      {stop.eta !== null && (
        <span data-testid="eta">{t("runs.arrivesAt", { time: clock(stop.eta) })}</span>
      )}
      {windowWords(stop) && <span class="soft">{windowWords(stop)}</span>}
      {late && <Badge tone="wrong">{t("runs.missed")}</Badge>}
    </>
  );
}

const WHOLE_DAY_MS = 12 * 3_600_000;

/** Doors that are open all day need no words. */
function windowWords({ opens_at, closes_at }: Expected): string {
  if (closes_at <= 0 || (opens_at > 0 && closes_at - opens_at >= WHOLE_DAY_MS)) return "";
  if (opens_at <= 0) return t("runs.windowUntil", { to: clock(closes_at) });
  return t("runs.window", { from: clock(opens_at), to: clock(closes_at) });
}
