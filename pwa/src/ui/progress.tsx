import { formatNumber, t } from "../i18n";

export interface ProgressProps {
  done: number;
  total: number;
  /** What is counted, when the screen's title does not say it. */
  label?: string;
}

/** `3 / 12` with a bar. */
export function Progress({ done, total, label }: ProgressProps) {
  const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  return (
    <div class="progress">
      <div
        class="track"
        role="progressbar"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuetext={t("common.progress", { done, total })}
        aria-label={label ?? t("common.progress", { done, total })}
      >
        <div class="bar" style={{ width: `${percent}%` }} />
      </div>
      <span class="figure" aria-hidden="true">
        {formatNumber(done)} / {formatNumber(total)}
      </span>
    </div>
  );
}
