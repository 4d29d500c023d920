import { useMemo, useState } from "preact/hooks";
import { formatDuration, formatNumber, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { now } from "../../shell";
import { useRows } from "../../sync";
import { BarButton, Choices, type Column } from "../../ui";
import { withSid } from "../desk/ask";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { Alert } from "../floor/alert";
import { FloorLegend } from "./floor-legend";
import { FloorMap } from "./floor-map";
import {
  type AisleHeat,
  aisleHeat,
  bays,
  type FloorBin,
  type Whereabouts,
  whereabouts,
  zoneAreas,
} from "./floor-model";
import { type Days, type Floor, useFloor } from "./use-floor";

const ZOOMS = [100, 150, 200, 300] as const;

/** The floor as it is now: where goods are picked, and where everybody was last. */
export function FloorView(_: RouteProps) {
  const [days, setDays] = useState<Days>(1);
  const floor = useFloor(days);
  const people = usePeople(floor);
  return (
    <Desk view="floor">
      <div class="floor-view stack">
        {floor.problem && <Alert id="floor-problem">{floor.problem}</Alert>}
        {floor.plan ? (
          <Drawn floor={floor} people={people} days={days} onDays={setDays} />
        ) : (
          <p data-testid="no-floor">{t("supervisor.noFloor")}</p>
        )}
      </div>
    </Desk>
  );
}

function usePeople({ plan, bins }: Floor): Whereabouts[] {
  const names = new Map(useRows("person").map(({ id, name }) => [id, name]));
  const byCode = useMemo(() => new Map((bins ?? []).map(bin => [bin.code, bin])), [bins]);
  const nameOf = (person: string) => names.get(person) ?? person;
  return whereabouts(plan, useRows("place"), byCode, nameOf, now.value);
}

interface DrawnProps {
  floor: Floor;
  people: readonly Whereabouts[];
  days: Days;
  onDays: (days: Days) => void;
}

function Drawn({ floor, people, days, onDays }: DrawnProps) {
  const { plan, bins = [], picks } = floor;
  const [zoom, setZoom] = useState(0);
  const drawn = useMemo(() => {
    if (!plan) return null;
    const heat = aisleHeat(plan, bins, picks);
    return { bays: bays(plan, bins, picks), zones: zoneAreas(plan, bins), heat };
  }, [plan, bins, picks]);
  if (!plan || !drawn) return null;
  const total = drawn.heat.reduce((sum, each) => sum + each.picks, 0);
  const shown = people.filter(({ spot }) => spot).length;
  const label = t("supervisor.mapLabel", { aisles: plan.aisles, picks: total, people: shown });
  return (
    <>
      <div class="floor-bar">
        <DaysChoice days={days} onDays={onDays} />
        <Zoom zoom={zoom} onZoom={setZoom} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too. */}
      <div class={`floor-frame z${ZOOMS[zoom]}`} tabIndex={0} data-testid="floor-map">
        <FloorMap
          plan={plan}
          bays={drawn.bays}
          zones={drawn.zones}
          people={people}
          aisles={drawn.heat.map(each => each.picks)}
          label={label}
        />
      </div>
      <FloorLegend bays={drawn.bays} plan={plan} />
      <div class="floor-tables">
        <div class="stack">
          <PeopleTable people={people} />
          <Busiest bins={bins} picks={picks} />
        </div>
        <Aisles heat={drawn.heat} />
      </div>
    </>
  );
}

function DaysChoice({ days, onDays }: { days: Days; onDays: (days: Days) => void }) {
  return (
    <Choices
      label={t("supervisor.heatOf")}
      value={String(days)}
      options={[
        { value: "1", label: t("supervisor.lastDay") },
        { value: "7", label: t("supervisor.lastWeek") },
      ]}
      onChange={value => onDays(value === "7" ? 7 : 1)}
    />
  );
}

function Zoom({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  return (
    <fieldset class="zoom" aria-label={t("supervisor.zoom")}>
      <BarButton
        icon="minus"
        label={t("supervisor.zoomOut")}
        disabled={zoom === 0}
        onClick={() => onZoom(zoom - 1)}
      />
      <output>{t("supervisor.percent", { n: ZOOMS[zoom] ?? 100 })}</output>
      <BarButton
        icon="plus"
        label={t("supervisor.zoomIn")}
        disabled={zoom === ZOOMS.length - 1}
        onClick={() => onZoom(zoom + 1)}
      />
    </fieldset>
  );
}

/** The map in figures, for whoever does not see it. */
function Aisles({ heat }: { heat: readonly AisleHeat[] }) {
  const columns: Column<AisleHeat>[] = [
    {
      key: "aisle",
      title: t("supervisor.aisle"),
      cell: ({ aisle }) => <strong>{aisle + 1}</strong>,
      sortBy: ({ aisle }) => aisle,
    },
    {
      key: "picks",
      title: t("supervisor.picks"),
      align: "end",
      cell: ({ aisle, picks }) => (
        <span data-testid={`aisle-${aisle + 1}`}>{formatNumber(picks)}</span>
      ),
      sortBy: ({ picks }) => -picks,
    },
    {
      key: "busiest",
      title: t("supervisor.busiest"),
      cell: ({ busiest }) => busiest || "–",
    },
    { key: "zones", title: t("supervisor.zones"), cell: ({ zones }) => zones.join(", ") || "–" },
    {
      key: "labels",
      title: t("supervisor.labels"),
      cell: ({ aisle, bins }) =>
        bins > 0 ? (
          <a
            href={withSid(`/documents/locations.pdf?aisle=${aisle}`)}
            target="_blank"
            rel="noopener"
          >
            {t("supervisor.printLabels", { n: bins })}
          </a>
        ) : (
          "–"
        ),
    },
  ];
  return (
    <LongTable
      name="aisles"
      caption={t("supervisor.aisles")}
      columns={columns}
      rows={heat}
      rowKey={({ aisle }) => String(aisle)}
    />
  );
}

const BUSIEST = 20;

function Busiest({ bins, picks }: { bins: readonly FloorBin[]; picks: Floor["picks"] }) {
  const picked = bins.filter(({ code }) => (picks[code] ?? 0) > 0);
  const sorted = picked.sort((a, b) => (picks[b.code] ?? 0) - (picks[a.code] ?? 0));
  const columns: Column<FloorBin>[] = [
    { key: "bin", title: t("floor.factBin"), cell: ({ code }) => <strong>{code}</strong> },
    { key: "zone", title: t("supervisor.zones"), cell: ({ zone }) => zone || "–" },
    {
      key: "picks",
      title: t("supervisor.picks"),
      align: "end",
      cell: ({ code }) => formatNumber(picks[code] ?? 0),
    },
  ];
  return (
    <LongTable
      name="busiest"
      caption={t("supervisor.busiestBins")}
      columns={columns}
      rows={sorted.slice(0, BUSIEST)}
      rowKey={({ code }) => code}
      empty={t("supervisor.noPicks")}
    />
  );
}

const DOING = {
  pick: "supervisor.doingPick",
  move: "supervisor.doingMove",
  count: "supervisor.doingCount",
  receive: "supervisor.doingReceive",
} as const;

function doingWord(doing: string): string {
  return doing in DOING ? t(DOING[doing as keyof typeof DOING]) : doing;
}

function PeopleTable({ people }: { people: readonly Whereabouts[] }) {
  const columns: Column<Whereabouts>[] = [
    { key: "name", title: t("desk.person"), cell: ({ name }) => <strong>{name}</strong> },
    {
      key: "bin",
      title: t("supervisor.lastAt"),
      cell: ({ person, bin }) => <span data-testid={`at-${person}`}>{bin}</span>,
    },
    { key: "doing", title: t("supervisor.work"), cell: ({ doing }) => doingWord(doing) },
    {
      key: "at",
      title: t("desk.at"),
      cell: ({ at }) => t("desk.ago", { age: formatDuration(Math.max(0, now.value - at)) }),
    },
  ];
  return (
    <LongTable
      name="whereabouts"
      caption={t("supervisor.whereabouts")}
      columns={columns}
      rows={people}
      rowKey={({ person }) => person}
      empty={t("supervisor.nobodySeen")}
    />
  );
}
