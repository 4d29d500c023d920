import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { language, t } from "../../i18n";
import { type Column, Table } from "../../ui";
import type { By } from "./address";
import { loadPlot, options } from "./plot";
import type { Shown, Worth } from "./types";
import { chartWords, madeOf, nameOf, periodWords, valueWords } from "./words";

export interface ChartProps {
  shown: Shown;
  starts: readonly string[];
  by: By;
}

/** A figure over time: a line, the same in a sentence, and the same as a table. */
export function Chart({ shown, starts, by }: ChartProps) {
  return (
    <figure class="chart">
      <Line shown={shown} starts={starts} by={by} />
      <figcaption data-testid="chart-words">{chartWords(shown, starts, by)}</figcaption>
      <details>
        <summary>{t("insight.numbers")}</summary>
        <Numbers shown={shown} starts={starts} by={by} />
      </details>
    </figure>
  );
}

/** The picture of it, for eyes only: the words and the table say the same. */
function Line({ shown, starts, by }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = place.current;
    if (!here) return;
    let plot: uPlot | undefined;
    let gone = false;
    const draw = async () => {
      const Plot = await loadPlot();
      if (gone) return;
      plot?.destroy();
      const { opts, data } = options(shown, starts, by, here);
      plot = new Plot(opts, data, here);
      here.dataset.drawn = shown.key;
    };
    void draw();
    const wide = new ResizeObserver(() =>
      plot?.setSize({ width: here.clientWidth, height: plot.height }),
    );
    wide.observe(here);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      gone = true;
      wide.disconnect();
      dark.removeEventListener("change", draw);
      plot?.destroy();
    };
  }, [shown, starts, by, language.value]);
  return <div ref={place} class="plot" data-testid="plot" aria-hidden="true" />;
}

interface Period {
  start: string;
  worth: Worth;
}

function Numbers({ shown, starts, by }: ChartProps) {
  const columns: Column<Period>[] = [
    {
      key: "start",
      title: t(`insight.by.${by}`),
      cell: period => periodWords(period.start, by),
      sortBy: period => period.start,
    },
    {
      key: "value",
      title: nameOf(shown.key),
      align: "end",
      cell: ({ worth }) => valueWords(shown.key, worth.value),
      sortBy: ({ worth }) => worth.value ?? Number.NEGATIVE_INFINITY,
    },
    {
      key: "made",
      title: t("insight.madeOf"),
      align: "end",
      cell: ({ worth }) => madeOf(shown.key, worth),
    },
  ];
  const rows = shown.series.map((worth, at) => ({ start: starts[at] ?? "", worth }));
  return <Table columns={columns} rows={rows} rowKey={period => period.start} />;
}
