import { formatNumber, t } from "../../i18n";
import type { FloorPlan } from "../floor/floor-plan";
import { type Bay, steps } from "./floor-model";

/** What the colours and signs stand for; only those that are on this floor. */
export function FloorLegend({ bays, plan }: { bays: readonly Bay[]; plan: FloorPlan }) {
  const most = bays.reduce((max, { picks }) => Math.max(max, picks), 0);
  const oneWay = plan.aisle_direction?.some(direction => direction !== 0);
  return (
    <ul class="floor-legend" aria-label={t("supervisor.legend")}>
      <li>
        <strong>{t("supervisor.picks")}</strong>
      </li>
      <Heat warmth={0} words={formatNumber(0)} />
      {steps(most).map(step => (
        <Heat
          key={step.warmth}
          warmth={step.warmth}
          words={
            step.least === step.most
              ? formatNumber(step.least)
              : `${formatNumber(step.least)}–${formatNumber(step.most)}`
          }
        />
      ))}
      <Sign words={t("supervisor.legendPerson")}>
        <g class="person">
          <circle cx={12} cy={12} r={10} />
        </g>
      </Sign>
      <Sign words={t("supervisor.legendLongAgo")}>
        <g class="person long-ago">
          <circle cx={12} cy={12} r={10} />
        </g>
      </Sign>
      <Sign words={t("supervisor.mapStart")}>
        <g class="start">
          <rect x={4} y={4} width={16} height={16} rx={3} />
          <text x={12} y={17}>
            S
          </text>
        </g>
      </Sign>
      <Sign words={t("supervisor.mapEnd")}>
        <g class="end">
          <path d="M5 22v-20h14l-5 5 5 5h-14" />
        </g>
      </Sign>
      {oneWay && (
        <Sign words={t("supervisor.oneWay")}>
          <path class="one-way" d="M4 18L12 6L20 18" />
        </Sign>
      )}
      {(plan.no_turn?.length ?? 0) > 0 && (
        <Sign words={t("supervisor.noTurn")}>
          <line class="aisle no-turn" x1={12} y1={2} x2={12} y2={22} />
        </Sign>
      )}
    </ul>
  );
}

function Heat({ warmth, words }: { warmth: number; words: string }) {
  return (
    <li>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect class={`heat-sign w${warmth}`} x={2} y={2} width={20} height={20} rx={3} />
      </svg>
      {words}
    </li>
  );
}

function Sign({ words, children }: { words: string; children: preact.ComponentChildren }) {
  return (
    <li>
      <svg class="floor-map" viewBox="0 0 24 24" aria-hidden="true">
        {children}
      </svg>
      {words}
    </li>
  );
}
