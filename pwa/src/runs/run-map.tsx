import "./run-map.css";
import { formatNumber, t } from "../i18n";
import { useRow } from "../sync";
import {
  labelBeside,
  marked,
  type Point,
  type Projection,
  project,
  type Spot,
  scaleBar,
  stateSign,
  together,
} from "./map-model";

/** About as wide as a phone shows it, so that letters stay letters there. */
const FRAME = { width: 400, height: 280, margin: 34 };
const APART = 24;
const BAR = 100;
/** Nearer to the upper edge a van's sign stands below it. */
const TOP = 48;

export interface MapStop {
  readonly number: number;
  readonly lat_e7: number | null;
  readonly lon_e7: number | null;
  readonly done?: boolean;
  readonly next?: boolean;
  /** Closed without a delivery; comes too late. Said by a sign too, not by colour alone. */
  readonly failed?: boolean;
  readonly late?: boolean;
}

export interface MapLine {
  readonly id: string;
  readonly stops: readonly MapStop[];
}

export interface MapVan extends Spot {
  readonly id: string;
  /** On the van's sign, e.g. the number of its run. */
  readonly sign: string;
  /** What it is called by who cannot see the sign. */
  readonly title: string;
}

export interface RunMapProps {
  /** One van each, in the order of the drive. */
  lines: readonly MapLine[];
  van?: Spot | undefined;
  /** Several, each with its sign. */
  vans?: readonly MapVan[];
}

/** Where the stops are: a drawing to scale with the order of the drive, without roads or tiles. */
export function RunMap({ lines, van, vans = [] }: RunMapProps) {
  const depot = useDepot();
  const stops = lines.flatMap(line => line.stops);
  const known = stops.filter(isPlaced);
  if (known.length === 0) return <p class="soft">{t("runs.mapNone")}</p>;
  const all = [...known, ...(depot ? [depot] : []), ...(van ? [van] : []), ...vans];
  const projection = project(all, FRAME);
  return (
    <figure class="run-map">
      <svg
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        aria-label={t("runs.mapLabel", { n: known.length })}
        data-testid="run-map"
      >
        {lines.map((line, at) => (
          <Way key={line.id} line={line} at={at} depot={depot} projection={projection} />
        ))}
        {depot && <Depot at={projection.place(depot)} others={known.map(projection.place)} />}
        {lines.map((line, at) => (
          <Marks key={line.id} line={line} at={at} projection={projection} />
        ))}
        {van && <Van {...projection.place(van)} />}
        {vans.map(one => (
          <SignedVan key={one.id} van={one} at={projection.place(one)} />
        ))}
        <Bar metresPerUnit={projection.metresPerUnit} />
      </svg>
      {known.length < stops.length && (
        <figcaption class="soft">
          {t("runs.mapMissing", { n: stops.length - known.length })}
        </figcaption>
      )}
    </figure>
  );
}

/** The depot as the site's setting has it. */
function useDepot(): Spot | undefined {
  const value: unknown = useRow("setting", "runs")?.value;
  const depot = (value as { depot?: { lat?: unknown; lon?: unknown } } | undefined)?.depot;
  if (typeof depot?.lat !== "number" || typeof depot.lon !== "number") return undefined;
  return { lat_e7: Math.round(depot.lat * 1e7), lon_e7: Math.round(depot.lon * 1e7) };
}

type Placed = MapStop & Spot;

function isPlaced(stop: MapStop): stop is Placed {
  return stop.lat_e7 !== null && stop.lon_e7 !== null;
}

interface LineProps {
  line: MapLine;
  at: number;
  projection: Projection;
}

function Way({ line, at, depot, projection }: LineProps & { depot: Spot | undefined }) {
  const placed = line.stops.filter(isPlaced);
  const points = placed.map(projection.place);
  const home = depot ? [projection.place(depot)] : [];
  const path = (through: readonly Point[]) => through.map(({ x, y }) => `${x},${y}`).join(" ");
  const last = points.at(-1);
  return (
    <g class={`way w${at % 4}`}>
      <polyline points={path([...home, ...points])} />
      {last && home[0] && <polyline class="home" points={path([last, home[0]])} />}
    </g>
  );
}

function Marks({ line, at, projection }: LineProps) {
  const placed = line.stops.filter(isPlaced);
  const marks = together(
    placed.map(stop => ({ ...projection.place(stop), number: stop.number })),
    APART,
  );
  const looks = (numbers: readonly number[]) => {
    const here = placed.filter(stop => numbers.includes(stop.number));
    if (here.some(stop => stop.next)) return "next";
    if (here.some(stop => stop.failed)) return "failed";
    return here.every(stop => stop.done) ? "done" : "";
  };
  const sign = (numbers: readonly number[]) =>
    stateSign(placed.filter(stop => numbers.includes(stop.number)));
  return (
    <>
      {marks.map(({ x, y, numbers }) => (
        <Sign
          key={numbers.join()}
          x={x}
          y={y}
          text={marked(numbers) + sign(numbers)}
          look={`sign w${at % 4} ${looks(numbers)}`}
        />
      ))}
    </>
  );
}

function Sign({ x, y, text, look }: Point & { text: string; look: string }) {
  const wide = Math.max(26, 12 + text.length * 9);
  return (
    <g class={look}>
      <rect x={x - wide / 2} y={y - 13} width={wide} height={26} rx={13} />
      <text x={x} y={y + 5}>
        {text}
      </text>
    </g>
  );
}

function Depot({ at, others }: { at: Point; others: readonly Point[] }) {
  const label = labelBeside(at, others);
  return (
    <g class="depot">
      <rect x={at.x - 10} y={at.y - 10} width={20} height={20} />
      <text x={label.x} y={label.y} class={label.anchor}>
        {t("runs.mapDepot")}
      </text>
    </g>
  );
}

function Van({ x, y }: Point) {
  return (
    <g class="van">
      <circle cx={x} cy={y} r={19} />
      <title>{t("runs.mapVan")}</title>
    </g>
  );
}

function SignedVan({ van, at }: { van: MapVan; at: Point }) {
  return (
    <g class="van signed" data-testid={`van-${van.id}`} transform={`translate(${at.x} ${at.y})`}>
      <circle r={19} />
      <g transform={`translate(0 ${at.y < TOP ? 30 : -30})`}>
        <rect x={-17} y={-11} width={34} height={22} rx={4} />
        <text y={5}>{van.sign}</text>
      </g>
      <title>{van.title}</title>
    </g>
  );
}

function Bar({ metresPerUnit }: { metresPerUnit: number }) {
  const { metres, units } = scaleBar(metresPerUnit, BAR);
  const y = FRAME.height - 14;
  const words =
    metres >= 1000
      ? t("runs.scaleKm", { n: formatNumber(metres / 1000) })
      : t("runs.scale", { n: formatNumber(metres) });
  return (
    <g class="bar">
      <path d={`M14 ${y - 6}v6h${units}v-6`} />
      <text x={22 + units} y={y + 2}>
        {words}
      </text>
    </g>
  );
}
