import { t } from "../../i18n";
import { useRow } from "../../sync";
import { asFloorPlan, crosses, type FloorPlan, type Spot } from "../floor/floor-plan";
import { arrows, groupWord, type WalkMap, walkMap } from "./map-model";
import type { Line } from "./walk";
import type { Walker } from "./walker";
import "./aisle-map.css";

/** The drawing's width in units; signs and letters keep their size whatever the floor's. */
const UNITS = 340;
const MARGIN = 24;
/** A floor that is deeper than wide is pressed together: signs, not distances, must be told apart. */
const DEEPEST = 420;
const SIGN = 20;
const LISTED = 5;

/** The aisles with the rest of the walk: where the picker is, the next stop, those after it. */
export function AisleMap({ walker }: { walker: Walker }) {
  const plan = asFloorPlan(useRow("setting", "layout")?.value);
  const ahead = walker.ahead.value;
  const next = ahead[0];
  if (!plan || !next) return <p>{t("picker.mapMissing")}</p>;
  const before = walker.lastHere.value;
  const label = t("picker.mapLabel", { here: before?.bin ?? t("picker.mapStart"), next: next.bin });
  return (
    <figure class="aisle-map" data-testid="map">
      <Drawing plan={plan} ahead={ahead} before={before} label={label} />
      <figcaption>
        <Legend sign={<Here x={8} y={8} />} word={t("picker.mapHere")} />
        <Legend sign={<Next x={8} y={8} />} word={`${t("picker.mapNext")} ${next.bin}`} />
        <Legend sign={<Later x={8} y={8} word="2" />} word={t("picker.mapLater")} />
        <Legend sign={<End x={8} y={8} />} word={t("picker.mapEnd")} />
      </figcaption>
      <Stops ahead={ahead} />
    </figure>
  );
}

/** The same in words, for whoever does not see the drawing. */
function Stops({ ahead }: { ahead: readonly Line[] }) {
  const more = ahead.length - LISTED;
  return (
    <ol class="map-stops" aria-label={t("picker.mapStops")}>
      {ahead.slice(0, LISTED).map(line => (
        <li key={line.no}>
          <strong>{line.bin}</strong> {t("picker.pieceOf", { n: line.qty, name: line.name })}
        </li>
      ))}
      {more > 0 && <li class="more">{t("picker.mapMore", { n: more })}</li>}
    </ol>
  );
}

interface DrawingProps {
  plan: FloorPlan;
  ahead: readonly Line[];
  before: Line | undefined;
  label: string;
}

function Drawing({ plan, ahead, before, label }: DrawingProps) {
  const depth = Math.max(1, crosses(plan).at(-1) ?? 1);
  const wide = UNITS - 2 * MARGIN;
  // The first pass only asks which aisles are drawn, for these give the scale.
  const { from, to } = walkMap(plan, ahead, before, 0);
  const aisleUnits = wide / Math.max(1, to - from);
  const yUnits = Math.min(aisleUnits / Math.max(1, plan.gap), DEEPEST / depth);
  const map = walkMap(plan, ahead, before, SIGN / yUnits);
  // The front is below, as the picker stands before the floor.
  const place = ({ aisle, y }: Spot) => ({
    x: MARGIN + (to === from ? wide / 2 : (aisle - from) * aisleUnits),
    y: MARGIN + (depth - y) * yUnits,
  });
  const height = 2 * MARGIN + depth * yUnits + 14;
  return (
    <svg viewBox={`0 0 ${UNITS} ${height}`} role="img" aria-label={label}>
      <Aisles plan={plan} map={map} place={place} />
      <Walk map={map} place={place} />
    </svg>
  );
}

interface Point {
  x: number;
  y: number;
}
type Place = (spot: Spot) => Point;

function Walk({ map, place }: { map: WalkMap; place: Place }) {
  const points = map.path.map(place).map(({ x, y }) => `${x},${y}`);
  return (
    <>
      <polyline class="path" data-testid="map-path" points={points.join(" ")} />
      <End {...place(map.end)} />
      {map.later.map(group => (
        <Later key={group.first} {...place(group.spot)} word={groupWord(group)} />
      ))}
      {map.next && <Next {...place(map.next)} />}
      <Here {...place(map.here)} />
    </>
  );
}

function Aisles({ plan, map, place }: { plan: FloorPlan; map: WalkMap; place: Place }) {
  const ys = crosses(plan);
  const depth = ys.at(-1) ?? 0;
  const { from, to } = map;
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  // Only as many numbers as can stand side by side.
  const each = Math.ceil(numbers.length / 14);
  return (
    <>
      {numbers.map(aisle => {
        const front = place({ aisle, y: 0 });
        const back = place({ aisle, y: depth });
        return (
          <g key={aisle}>
            <line class="aisle" x1={front.x} y1={front.y} x2={back.x} y2={back.y} />
            {(aisle - from) % each === 0 && (
              <text x={front.x} y={front.y + 28}>
                {aisle + 1}
              </text>
            )}
          </g>
        );
      })}
      {ys.map(y => {
        const left = place({ aisle: from, y });
        const right = place({ aisle: to, y });
        return <line key={y} class="cross" x1={left.x} y1={left.y} x2={right.x} y2={right.y} />;
      })}
      {arrows(plan)
        .filter(({ spot }) => spot.aisle >= from && spot.aisle <= to)
        .map(({ spot, up }) => (
          <Arrow key={`${spot.aisle}/${spot.y}`} {...place(spot)} up={up} />
        ))}
    </>
  );
}

/** Told apart by shape, not by colour alone: a square, a diamond, numbered rings, a flag. */
function Here({ x, y }: Point) {
  return <rect class="here" x={x - 8} y={y - 8} width={16} height={16} />;
}

function Next({ x, y }: Point) {
  return <path class="next" d={`M${x} ${y - 12}l11 12-11 12-11-12z`} />;
}

function Later({ x, y, word }: Point & { word: string }) {
  const wide = 10 + 5 * (word.length - 1);
  return (
    <g class="later">
      <rect x={x - wide} y={y - 10} width={2 * wide} height={20} rx={10} />
      <text x={x} y={y + 4.5}>
        {word}
      </text>
    </g>
  );
}

function End({ x, y }: Point) {
  return <path class="end" d={`M${x - 5} ${y + 9}v-18h12l-4 5 4 5h-12`} />;
}

function Arrow({ x, y, up }: Point & { up: boolean }) {
  const tip = up ? -5 : 5;
  return <path class="one-way" d={`M${x - 6} ${y - tip}L${x} ${y + tip}L${x + 6} ${y - tip}`} />;
}

function Legend({ sign, word }: { sign: preact.ComponentChildren; word: string }) {
  return (
    <span>
      <svg viewBox="-5 -5 26 26" aria-hidden="true">
        {sign}
      </svg>
      {word}
    </span>
  );
}
