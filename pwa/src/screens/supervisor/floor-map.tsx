import "./floor-map.css";
import { formatNumber, t } from "../../i18n";
import {
  type Crossing,
  crosses,
  crossingSpot,
  ends,
  type FloorPlan,
  type Spot,
  starts,
} from "../floor/floor-plan";
import { arrows } from "../picker/map-model";
import { type Bay, initials, type Whereabouts, warmth, type ZoneArea } from "./floor-model";

/** The drawing in units; it is no plan to scale: every floor fills the same room. */
const WIDE = 1200;
const HIGH = 500;
const MARGIN = { side: 40, back: 14, front: 66 };
/** A cross aisle has no length on the plan, but signs and names stand in it. */
const CROSS = 30;

export interface FloorMapProps {
  plan: FloorPlan;
  bays: readonly Bay[];
  zones: readonly ZoneArea[];
  people: readonly Whereabouts[];
  /** Picks of each aisle. */
  aisles: readonly number[];
  label: string;
}

interface Scale {
  /** Units between the middles of two aisles, and for a decimetre along them. */
  readonly aisle: number;
  readonly along: number;
  readonly place: (spot: Spot) => { x: number; y: number };
}

function scaleOf(plan: FloorPlan): Scale {
  const ys = crosses(plan);
  const depth = Math.max(1, ys.at(-1) ?? 1);
  const aisle = (WIDE - 2 * MARGIN.side) / plan.aisles;
  const along = (HIGH - MARGIN.back - MARGIN.front - ys.length * CROSS) / depth;
  /** Units of the cross aisles in front of a point: half of the one that it stands in. */
  const between = (y: number) =>
    CROSS * (ys.filter(cross => cross < y).length + (ys.includes(y) ? 0.5 : 0));
  return {
    aisle,
    along,
    // The front is below, as one stands before the floor.
    place: spot => ({
      x: MARGIN.side + (spot.aisle + 0.5) * aisle,
      y: HIGH - MARGIN.front - spot.y * along - between(spot.y),
    }),
  };
}

/** The whole floor: zones, shelves by heat, one-way aisles, who is where. */
export function FloorMap({ plan, bays, zones, people, aisles, label }: FloorMapProps) {
  const scale = scaleOf(plan);
  return (
    <svg class="floor-map" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={label}>
      <Ways plan={plan} scale={scale} />
      <Zones plan={plan} zones={zones} scale={scale} />
      <Shelves bays={bays} scale={scale} />
      <Names plan={plan} aisles={aisles} scale={scale} />
      <Ends plan={plan} scale={scale} />
      <People people={people} scale={scale} />
    </svg>
  );
}

function Zones({
  plan,
  zones,
  scale,
}: {
  plan: FloorPlan;
  zones: readonly ZoneArea[];
  scale: Scale;
}) {
  const ys = crosses(plan);
  const names = [...new Set(zones.map(({ zone }) => zone))].sort();
  return (
    <>
      {zones.map(({ zone, block, from, to }) => {
        const low = scale.place({ aisle: from, y: ys[block] ?? 0 });
        const high = scale.place({ aisle: to, y: ys[block + 1] ?? 0 });
        const x = low.x - scale.aisle / 2 + 3;
        return (
          <g key={`${block}/${from}`} class={`zone z${names.indexOf(zone) % 4}`}>
            <rect
              x={x}
              y={high.y + CROSS / 2}
              width={(to - from + 1) * scale.aisle - 6}
              height={low.y - high.y - CROSS}
              rx={8}
            />
            <text x={x + 6} y={high.y + 4.5}>
              {zone}
            </text>
          </g>
        );
      })}
    </>
  );
}

/** Aisles and cross aisles; arrows on those that lead one way only, a bar where carts cannot turn. */
function Ways({ plan, scale }: { plan: FloorPlan; scale: Scale }) {
  const ys = crosses(plan);
  const last = plan.aisles - 1;
  return (
    <>
      {ys.map(y => {
        const left = scale.place({ aisle: 0, y });
        const right = scale.place({ aisle: last, y });
        return <line key={y} class="cross" x1={left.x} y1={left.y} x2={right.x} y2={right.y} />;
      })}
      {Array.from({ length: plan.aisles }, (_, aisle) => {
        const front = scale.place({ aisle, y: 0 });
        const back = scale.place({ aisle, y: ys.at(-1) ?? 0 });
        const narrow = plan.no_turn?.includes(aisle) ? "no-turn" : "";
        return (
          <line
            key={aisle}
            class={`aisle ${narrow}`}
            x1={front.x}
            y1={front.y}
            x2={back.x}
            y2={back.y}
          />
        );
      })}
      {arrows(plan).map(({ spot, up }) => {
        const { x, y } = scale.place(spot);
        const tip = up ? -9 : 9;
        return (
          <path
            key={`${spot.aisle}/${spot.y}`}
            class="one-way"
            d={`M${x - 8} ${y - tip}L${x} ${y + tip}L${x + 8} ${y - tip}`}
          />
        );
      })}
    </>
  );
}

function Shelves({ bays, scale }: { bays: readonly Bay[]; scale: Scale }) {
  const most = bays.reduce((max, { picks }) => Math.max(max, picks), 0);
  const wide = Math.max(3, Math.min(34, scale.aisle * 0.32));
  const away = Math.max(3, Math.min(14, scale.aisle * 0.12));
  return (
    <>
      {bays.map(bay => {
        const { x, y } = scale.place(bay.spot);
        const high = Math.max(2, bay.length * scale.along - 2);
        const left = bay.side === "R" ? x + away : x - away - wide;
        const heat = warmth(bay.picks, most);
        const codes = bay.codes.length > 1 ? `${bay.codes[0]} – ${bay.codes.at(-1)}` : bay.codes[0];
        return (
          <g key={bay.key} class={`bay w${heat}`} data-testid={`bay-${bay.codes[0]}`}>
            <title>{`${codes}: ${t("supervisor.picksN", { n: bay.picks })}`}</title>
            <rect x={left} y={y - high / 2} width={wide} height={high} rx={2} />
            {bay.picks > 0 && high >= 12 && wide >= 18 && (
              <text x={left + wide / 2} y={y + 4}>
                {formatNumber(bay.picks)}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Each aisle's number and its picks, below its front. */
function Names({
  plan,
  aisles,
  scale,
}: {
  plan: FloorPlan;
  aisles: readonly number[];
  scale: Scale;
}) {
  const each = Math.ceil(plan.aisles / 28);
  return (
    <>
      {aisles.map((picks, aisle) => {
        if (aisle % each !== 0) return null;
        const { x, y } = scale.place({ aisle, y: 0 });
        return (
          <g key={aisle} class="name">
            <text class="number" x={x} y={y + 38}>
              {aisle + 1}
            </text>
            <text x={x} y={y + 56}>
              {formatNumber(picks)}
            </text>
          </g>
        );
      })}
    </>
  );
}

/** Where carts stand: a square with an S; where goods are handed over: a flag. */
function Ends({ plan, scale }: { plan: FloorPlan; scale: Scale }) {
  const at = (place: Crossing) => scale.place(crossingSpot(plan, place));
  return (
    <>
      {starts(plan).map(place => {
        const { x, y } = at(place);
        return (
          <g key={`s${place.aisle}/${place.cross}`} class="start">
            <title>{`${t("supervisor.mapStart")} ${place.name ?? ""}`}</title>
            <rect x={x - 24} y={y - 9} width={18} height={18} rx={3} />
            <text x={x - 15} y={y + 5}>
              S
            </text>
          </g>
        );
      })}
      {ends(plan).map(place => {
        const { x, y } = at(place);
        return (
          <g key={`e${place.aisle}/${place.cross}`} class="end">
            <title>{`${t("supervisor.mapEnd")} ${place.name ?? ""}`}</title>
            <path d={`M${x + 8} ${y + 10}v-20h14l-5 5 5 5h-14`} />
          </g>
        );
      })}
    </>
  );
}

function People({ people, scale }: { people: readonly Whereabouts[]; scale: Scale }) {
  // The newest is drawn last, on top.
  return (
    <>
      {[...people].reverse().map(({ person, name, spot, beside, isLongAgo, bin }) => {
        if (!spot) return null;
        const { x, y } = scale.place(spot);
        const cx = x + beside * 20;
        return (
          <g key={person} class={isLongAgo ? "person long-ago" : "person"} data-testid="on-map">
            <title>{`${name}: ${bin}`}</title>
            <circle cx={cx} cy={y} r={15} />
            <text x={cx} y={y + 4.5}>
              {initials(name)}
            </text>
          </g>
        );
      })}
    </>
  );
}
