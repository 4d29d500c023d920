import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { navigate } from "../../router";
import { now } from "../../shell";
import { Button, Field, Select } from "../../ui";
import {
  type Asked,
  address,
  type By,
  narrowed,
  only,
  PERIODS,
  PRESETS,
  preset,
  presetOf,
} from "./address";
import { PartFilters } from "./part-filters";
import type { Dashboard } from "./types";
import { dimensionWord, memberWords } from "./words";

interface FiltersProps {
  what: Asked;
  board: Dashboard;
}

/** Which days, in what periods, of what part of the site. */
export function Filters({ what, board }: FiltersProps) {
  const [open, setOpen] = useState(false);
  const show = (change: Partial<Asked>) => navigate(address({ ...what, ...change }));
  const today = new Date(now.value).toISOString().slice(0, 10);
  const current = presetOf(board.first, board.last);
  const parts = narrowed(what);
  return (
    <div class="stack insight-filters">
      <nav class="states" aria-label={t("insight.span")}>
        {PRESETS.map(days => (
          <a
            key={days}
            href={`#${address(preset(what, days, today))}`}
            aria-current={days === current ? "true" : undefined}
          >
            {t("insight.lastDays", { n: formatNumber(days) })}
          </a>
        ))}
      </nav>
      <div class="toolbar">
        <Field
          label={t("insight.from")}
          type="date"
          value={board.first}
          onInput={from => isDay(from) && show({ from, to: board.last })}
        />
        <Field
          label={t("insight.to")}
          type="date"
          value={board.last}
          onInput={to => isDay(to) && show({ from: board.first, to })}
        />
        <Select
          label={t("insight.periods")}
          value={what.by}
          onChange={by => show({ by: by as By })}
          options={PERIODS.map(by => ({ value: by, label: t(`insight.by.${by}`) }))}
        />
      </div>
      <details class="insight-parts" onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{t("insight.filters")}</summary>
        {open && <PartFilters what={what} />}
      </details>
      {parts.length > 0 && (
        <div class="insight-chips">
          {parts.map(([dimension, member]) => (
            <p class="insight-only" key={dimension}>
              <span>
                {t("insight.only", {
                  dimension: dimensionWord(dimension),
                  member: memberWords(dimension, member, board.names[dimension]),
                })}
              </span>
              <Button
                icon="cross"
                label={t("insight.allOf", { dimension: dimensionWord(dimension) })}
                onClick={() => navigate(address(only(what, dimension, "")))}
              >
                {t("insight.all")}
              </Button>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}
