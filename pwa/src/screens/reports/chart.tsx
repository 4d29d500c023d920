import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatNumber, t } from "../../i18n";
import { figureOf, heatOf, type Series, seriesOf } from "./chart-data";
import { Pie } from "./pie";
import type { ReportTable, Chart as Shape } from "./types";

const HEIGHT = 260;
/** Each series has a colour and a dash, so that it can be told apart without colour. */
const STROKES = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [4, 4], [1, 5]];

/** A report drawn. The table beneath says the same in figures, and is what a screen reader reads. */
export function Chart({ table, shape }: { table: ReportTable; shape: Shape }) {
  const figure = figureOf(table);
  if (shape === "" || !figure || table.rows.length === 0) return null;
  const caption = t("reports.chartOf", { figure: figure.label });
  return (
    <figure class="report-chart" data-testid={`chart-${shape}`}>
      <figcaption class="section-title">{caption}</figcaption>
      {shape === "pie" && <Pie table={table} label={caption} />}
      {shape === "heat" && <HeatMap table={table} label={caption} />}
      {(shape === "bar" || shape === "line") && (
        <Plot data={seriesOf(table)} shape={shape} label={caption} />
      )}
    </figure>
  );
}

interface PlotProps {
  data: Series;
  shape: "bar" | "line";
  label: string;
}

function Plot({ data, shape, label }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const columns = [data.labels.map((_, at) => at), ...data.series.map(each => [...each.values])];
    const plot = new uPlot(options(element, data, shape), columns as uPlot.AlignedData, element);
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [data, shape]);
  return (
    <>
      <div ref={frame} class="plot" role="img" aria-label={label} />
      {data.series.length > 1 && (
        <ul class="legend">
          {data.series.map((each, at) => (
            <li key={each.name}>
              <svg viewBox="0 0 40 6" aria-hidden="true">
                <path
                  d="M0 3H40"
                  class={`stroke-${at + 1}`}
                  stroke-dasharray={shape === "line" ? DASHES[at]?.join(" ") : undefined}
                />
              </svg>
              {each.name}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function options(element: HTMLElement, data: Series, shape: "bar" | "line"): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--text"), grid: { stroke: colour("--line"), width: 1 } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.5, Math.max(0.5, data.labels.length - 0.5)] },
      y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 70,
        incrs: [1, 2, 5, 7, 10, 14, 30, 60, 100, 1000],
        values: (_, ticks) => ticks.map(tick => cut(data.labels[tick] ?? "")),
      },
      { ...axis, size: 64, values: (_, ticks) => ticks.map(tick => formatNumber(tick)) },
    ],
    series: [{}, ...data.series.map((each, at) => line(each.name, at, data, shape, colour))],
  };
}

function line(
  label: string,
  at: number,
  data: Series,
  shape: "bar" | "line",
  colour: (name: string) => string,
): uPlot.Series {
  const stroke = colour(STROKES[at] ?? "--chart-1");
  if (shape === "line")
    return { label, stroke, width: 3, dash: DASHES[at] ?? [], points: { show: true, size: 7 } };
  return {
    label,
    stroke,
    fill: stroke,
    points: { show: false },
    paths: bars(at, data.series.length),
  };
}

/** Bars of one place stand side by side: each is drawn as wide as its part, and moved there. */
function bars(at: number, of: number): uPlot.Series.PathBuilder {
  const width = 0.8 / of;
  return (plot, series, from, to) => {
    const path = new Path2D();
    const base = plot.valToPos(0, "y", true);
    const unit = plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true);
    for (let x = from; x <= to; x++) {
      const value = plot.data[series]?.[x];
      if (value === null || value === undefined) continue;
      const left = plot.valToPos(x, "x", true) + unit * (-0.4 + width * at);
      const top = plot.valToPos(value, "y", true);
      path.rect(left, Math.min(top, base), Math.max(1, unit * width - 2), Math.abs(base - top));
    }
    return { stroke: path, fill: path };
  };
}

function cut(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}

const STEPS = 5;

/** A table whose cells are the darker the more is in them; each says how much. */
function HeatMap({ table, label }: { table: ReportTable; label: string }) {
  const { rows, columns, cells, most } = heatOf(table);
  const step = (value: number | null) =>
    value === null || most === 0 ? 0 : Math.ceil((value / most) * STEPS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="table-frame" tabIndex={0} aria-label={label}>
      <table class="heat">
        <thead>
          <tr>
            <td />
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, y) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {columns.map((column, x) => {
                const value = cells[y]?.[x] ?? null;
                return (
                  <td key={column} class={`step-${step(value)}`}>
                    {value === null ? "" : formatNumber(value, { maximumFractionDigits: 1 })}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
