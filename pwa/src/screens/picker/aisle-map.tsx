import { t } from "../../i18n";
import { useRow } from "../../sync";
import {
  asFloorPlan,
  crosses,
  crossingSpot,
  type FloorPlan,
  type Spot,
  spotOf,
  walkPast,
} from "./floor-plan";
import type { Line } from "./walk";
import type { Walker } from "./walker";
import "./aisle-map.css";

/** The drawing's width in units; signs and letters keep their size whatever the floor's. */
const UNITS = 340;
const MARGIN = 22;

/** The aisles with the rest of the walk: where the picker is, the next stop, those after it. */
export function AisleMap({ walker }: { walker: Walker }) {
  const plan = asFloorPlan(useRow("setting", "layout")?.value);
  const next = walker.line.value;
  if (!plan || !next) return <p>{t("picker.mapMissing")}</p>;
  const bin = walker.verifiedBin.value;
  const last = walker.lines.value.find(line => line.bin === bin);
  const here = last ? spotOf(plan, last) : crossingSpot(plan, plan.depot);
  const label = t("picker.mapLabel", { here: bin ?? t("picker.mapStart"), next: next.bin });
  return (
    <figure class="aisle-map" data-testid="map">
      <Drawing plan={plan} here={here} ahead={walker.ahead.value} label={label} />
      <figcaption>
        <Legend sign={<Here x={8} y={8} />} word={t("picker.mapHere")} />
        <Legend sign={<Next x={8} y={8} />} word={`${t("picker.mapNext")} ${next.bin}`} />
        <Legend sign={<circle class="later" cx={8} cy={8} r={4} />} word={t("picker.mapLater")} />
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  plan: FloorPlan;
  here: Spot;
  ahead: readonly Line[];
  label: string;
}

function Drawing({ plan, here, ahead, label }: DrawingProps) {
  const depth = crosses(plan).at(-1) ?? 0;
  const scale = (UNITS - 2 * MARGIN) / Math.max(1, (plan.aisles - 1) * plan.gap);
  // The front is below, as the picker stands before the floor.
  const place = ({ aisle, y }: Spot) => ({
    x: MARGIN + aisle * plan.gap * scale,
    y: MARGIN + (depth - y) * scale,
  });
  const stops = ahead.map(line => spotOf(plan, line));
  const end = crossingSpot(plan, plan.dropoff ?? plan.depot);
  const path = walkPast(plan, [here, ...stops, end]).map(place);
  const [next, ...later] = stops.map(place);
  return (
    <svg viewBox={`0 0 ${UNITS} ${2 * MARGIN + depth * scale + 14}`} role="img" aria-label={label}>
      <Aisles plan={plan} place={place} />
      <polyline class="path" points={path.map(({ x, y }) => `${x},${y}`).join(" ")} />
      {later.map(({ x, y }, i) => (
        <circle key={i} class="later" cx={x} cy={y} r={4} />
      ))}
      {next && <Next {...next} />}
      <Here {...place(here)} />
    </svg>
  );
}

interface Point {
  x: number;
  y: number;
}

function Aisles({ plan, place }: { plan: FloorPlan; place: (spot: Spot) => Point }) {
  const ys = crosses(plan);
  const depth = ys.at(-1) ?? 0;
  const numbers = Array.from({ length: plan.aisles }, (_, aisle) => aisle);
  // Only as many numbers as can stand side by side.
  const each = Math.ceil(plan.aisles / 16);
  return (
    <>
      {numbers.map(aisle => {
        const front = place({ aisle, y: 0 });
        const back = place({ aisle, y: depth });
        return (
          <g key={aisle}>
            <line class="aisle" x1={front.x} y1={front.y} x2={back.x} y2={back.y} />
            {aisle % each === 0 && (
              <text x={front.x} y={front.y + 24}>
                {aisle + 1}
              </text>
            )}
          </g>
        );
      })}
      {ys.map(y => {
        const left = place({ aisle: 0, y });
        const right = place({ aisle: plan.aisles - 1, y });
        return <line key={y} class="cross" x1={left.x} y1={left.y} x2={right.x} y2={right.y} />;
      })}
    </>
  );
}

/** Told apart by shape, not by colour alone: a square, a pin's diamond, dots. */
function Here({ x, y }: Point) {
  return <rect class="here" x={x - 7} y={y - 7} width={14} height={14} />;
}

function Next({ x, y }: Point) {
  return <path class="next" d={`M${x} ${y - 10}l9 10-9 10-9-10z`} />;
}

function Legend({ sign, word }: { sign: preact.ComponentChildren; word: string }) {
  return (
    <span>
      <svg viewBox="-3 -3 22 22" aria-hidden="true">
        {sign}
      </svg>
      {word}
    </span>
  );
}
