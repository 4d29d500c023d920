import { formatNumber, t } from "../../i18n";
import { type Slice, slicesOf } from "./chart-data";
import type { ReportTable } from "./types";

const R = 100;

/** Each slice has its number; the list beside it says what it is. */
export function Pie({ table, label }: { table: ReportTable; label: string }) {
  const slices = slicesOf(table, t("reports.rest"));
  const starts = slices.map((_, at) => slices.slice(0, at).reduce((sum, s) => sum + s.share, 0));
  return (
    <div class="pie">
      <svg viewBox="-105 -105 210 210" role="img" aria-label={label}>
        {slices.map((slice, at) => (
          <g key={slice.label} class={`slice-${at + 1}`}>
            <path d={wedge(starts[at] ?? 0, slice.share)} />
            {slice.share > 0.04 && <Mark at={(starts[at] ?? 0) + slice.share / 2} n={at + 1} />}
          </g>
        ))}
      </svg>
      <ol class="slices">
        {slices.map(slice => (
          <li key={slice.label}>{sliceWords(slice)}</li>
        ))}
      </ol>
    </div>
  );
}

function sliceWords({ label, value, share }: Slice): string {
  const percent = formatNumber(share, { style: "percent", maximumFractionDigits: 0 });
  return `${label} · ${formatNumber(value, { maximumFractionDigits: 1 })} (${percent})`;
}

function Mark({ at, n }: { at: number; n: number }) {
  const [x, y] = point(at, R * 0.7);
  return (
    <text x={x} y={y}>
      {n}
    </text>
  );
}

/** From so far around, as parts of the whole; the whole is a circle of two halves. */
export function wedge(start: number, share: number): string {
  if (share >= 1) return `M0 ${-R}A${R} ${R} 0 1 1 0 ${R}A${R} ${R} 0 1 1 0 ${-R}Z`;
  const [x, y] = point(start, R);
  const [toX, toY] = point(start + share, R);
  return `M0 0L${x} ${y}A${R} ${R} 0 ${share > 0.5 ? 1 : 0} 1 ${toX} ${toY}Z`;
}

function point(at: number, radius: number): [number, number] {
  const angle = (at - 0.25) * 2 * Math.PI;
  return [round(Math.cos(angle) * radius), round(Math.sin(angle) * radius)];
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
