import { formatTime, t } from "../../i18n";
import { asOf } from "./following";
import { periodWords } from "./words";

/** Since when nothing newer is known; said to nobody who does not look. */
export function AsOf({ since }: { since: string }) {
  return (
    <p class="soft insight-as-of" data-testid="as-of">
      {asOf.value > 0 && <span>{t("insight.asOf", { time: formatTime(asOf.value) })}</span>}
      {since && <span>{t("insight.since", { day: periodWords(since, "day") })}</span>}
    </p>
  );
}
