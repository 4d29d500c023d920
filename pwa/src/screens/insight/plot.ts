/** How a figure is drawn; the library comes when the first chart is wanted. */
import type uPlot from "uplot";
import type { By } from "./address";
import type { Shown } from "./types";
import { periodWords, valueWords } from "./words";

const HEIGHT = 240;
const DASH = [6, 6];
/** Half of the last period's name, which stands out past the line. */
const LAST_NAME = 32;

let loaded: Promise<typeof uPlot> | undefined;

/** Once; also called ahead of time, when a dashboard stands and nobody waits. */
export function loadPlot(): Promise<typeof uPlot> {
  loaded ??= Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]).then(
    ([module]) => module.default,
  );
  return loaded;
}

export function options(
  shown: Shown,
  starts: readonly string[],
  by: By,
  here: HTMLElement,
): { opts: uPlot.Options; data: uPlot.AlignedData } {
  const colour = coloursOf(here);
  const times = starts.map(start => Date.parse(`${start}T00:00:00Z`) / 1000);
  const values = shown.series.map(({ value }) => value);
  const font = `14px ${getComputedStyle(here).fontFamily}`;
  const axis = {
    font,
    stroke: colour("--text-soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  const line = { stroke: colour("--accent"), width: 3, points: { show: times.length < 60 } };
  const meant = { stroke: colour("--edge"), width: 2, dash: DASH, points: { show: false } };
  const hasTarget = shown.target !== null;
  return {
    opts: {
      width: here.clientWidth,
      height: HEIGHT,
      padding: [null, LAST_NAME, null, null],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, low, high) => range(low, high) } },
      axes: [
        {
          ...axis,
          space: 90,
          splits: (_plot, _axis, low, high) => times.filter(at => low <= at && at <= high),
          filter: (_plot, splits, _axis, _space) => thinned(splits, here.clientWidth / 90),
          values: (_, splits) => splits.map(at => (at === null ? "" : periodOf(at, by))),
        },
        {
          ...axis,
          size: (_, ticks) => roomFor(ticks ?? []),
          values: (_, splits) => splits.map(value => valueWords(shown.key, value)),
        },
      ],
      series: [{}, line, ...(hasTarget ? [meant] : [])],
    },
    data: [times, values, ...(hasTarget ? [times.map(() => shown.target)] : [])],
  };
}

function periodOf(at: number, by: By): string {
  return periodWords(new Date(at * 1000).toISOString().slice(0, 10), by);
}

/** Of many marks, as many as there is room for: every second, third, …; the rest are not named. */
export function thinned(splits: readonly number[], room: number): (number | null)[] {
  const step = Math.max(1, Math.ceil(splits.length / Math.max(1, room)));
  return splits.map((at, index) => (index % step === 0 ? at : null));
}

/** A scale with some room; a flat line stands in its middle, and nothing goes below nought. */
export function range(low: number | null, high: number | null): [number, number] {
  const from = low ?? 0;
  const to = high ?? 1;
  const room = to > from ? (to - from) * 0.1 : Math.max(1, Math.abs(to) * 0.1);
  return [from >= 0 ? Math.max(0, from - room) : from - room, to + room];
}

function coloursOf(here: HTMLElement): (name: string) => string {
  const style = getComputedStyle(here);
  return name => style.getPropertyValue(name).trim();
}

const LETTER_PX = 8;
const CHINESE = /[\u2e80-\uffef]/g;

/** Beside the chart, in CSS px: a number that is cut reads as another one. */
function roomFor(ticks: readonly string[]): number {
  const letters = ticks.map(tick => tick.length + (tick.match(CHINESE)?.length ?? 0));
  return Math.max(48, LETTER_PX * Math.max(0, ...letters) + 18);
}
