import { formatNumber, t } from "../../i18n";
import type { RunRow, StopStateRow } from "../../kernel/contract";
import { clock } from "../../runs/arrival";
import { type MapVan, RunMap } from "../../runs/run-map";
import { now } from "../../shell";
import { useRows } from "../../sync";
import { Badge, Card, type Column, Table } from "../../ui";
import { ago, word } from "../desk/words";
import { lineOf, type OnRoad, onRoad, type Seen, seenLast } from "./fleet-model";

/** Where the drivers are, and how far: on one map, and in words below it. */
export function Fleet({
  runs,
  stops,
}: {
  runs: readonly RunRow[];
  stops: readonly StopStateRow[];
}) {
  const out = onRoad(runs, stops, now.value);
  const names = new Map(useRows("person").map(({ id, name }) => [id, name]));
  const presence = useRows("presence");
  const seen = ({ run }: OnRoad) => seenLast(run, presence);
  const driver = ({ run }: OnRoad) => names.get(run.driver ?? "") ?? t("desk.nobody");
  if (out.length === 0) return null;
  return (
    <Card title={t("board.fleet")}>
      <div class="stack fleet" data-testid="fleet">
        <div class="map-and-legend">
          <RunMap
            lines={out.map(one => lineOf(one, now.value))}
            vans={out.flatMap(one => vanOf(one, driver(one), seen(one)))}
          />
          <Legend />
        </div>
        <Table
          caption={t("board.runs")}
          columns={columns(driver, seen)}
          rows={out}
          rowKey={({ run }) => run.id}
        />
      </div>
    </Card>
  );
}

function Legend() {
  return (
    <ul class="legend soft">
      <li>{t("board.legendDone")}</li>
      <li>{t("board.legendFailed")}</li>
      <li>{t("board.legendLate")}</li>
      <li>{t("board.legendNext")}</li>
      <li>{t("board.legendVan")}</li>
    </ul>
  );
}

function vanOf({ run: { id, number } }: OnRoad, driver: string, seen: Seen | null): MapVan[] {
  if (!seen) return [];
  const { lat_e7, lon_e7, at } = seen;
  const title = `${t("supervisor.runTitle", { number })}, ${driver}: ${ago(at, now.value)}`;
  return [{ id, lat_e7, lon_e7, sign: `R${number}`, title }];
}

function columns(
  driver: (one: OnRoad) => string,
  seen: (one: OnRoad) => Seen | null,
): Column<OnRoad>[] {
  return [
    {
      key: "run",
      title: t("board.run"),
      cell: ({ run }) => <strong>R{formatNumber(run.number)}</strong>,
    },
    { key: "driver", title: t("board.driver"), cell: driver },
    { key: "state", title: t("desk.state"), cell: ({ run }) => word("run", run.state) },
    {
      key: "stops",
      title: t("board.progress"),
      cell: ({ run }) => t("board.stopsOf", { done: run.closed, stops: run.stops }),
    },
    { key: "next", title: t("board.next"), cell: ({ next }) => <Next stop={next} /> },
    { key: "late", title: t("board.lateness"), cell: ({ late }) => <Standing late={late} /> },
    {
      key: "seen",
      title: t("board.seen"),
      cell: one => <span data-testid={`seen-${one.run.number}`}>{seenWords(seen(one))}</span>,
    },
  ];
}

function Next({ stop }: { stop: StopStateRow | undefined }) {
  if (!stop) return "–";
  const at = stop.eta === null ? "" : ` · ${clock(stop.eta)}`;
  return `${stop.order_number}${stop.city ? `, ${stop.city}` : ""}${at}`;
}

function Standing({ late }: { late: number }) {
  if (late === 0) return <span class="soft">{t("board.onTime")}</span>;
  return <Badge tone="wrong">{t("board.lateStops", { n: late })}</Badge>;
}

function seenWords(seen: Seen | null): string {
  return seen ? ago(seen.at, now.value) : t("board.seenNever");
}
