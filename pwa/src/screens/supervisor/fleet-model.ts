/** All runs on one map: their stops' states and where their vans were seen last. Pure. */
import type { PresenceRow, RunRow, StopStateRow } from "../../kernel/contract";
import type { Spot } from "../../runs/map-model";
import type { MapLine, MapStop } from "../../runs/run-map";
import { isLate } from "./progress";

const NOT_DELIVERED: ReadonlySet<string> = new Set(["failed", "refused"]);

/** A stop as the map draws it; `next`: the stop that its van is on the way to. */
export function onMap(stop: StopStateRow, next: string | undefined, now: number): MapStop {
  const closed = stop.state === "closed";
  return {
    number: stop.seq,
    lat_e7: stop.lat_e7,
    lon_e7: stop.lon_e7,
    done: closed,
    next: stop.id === next,
    failed: closed && NOT_DELIVERED.has(stop.outcome ?? ""),
    late: isLate(stop, now),
  };
}

export interface OnRoad {
  run: RunRow;
  /** In the order of the drive. */
  stops: readonly StopStateRow[];
  next: StopStateRow | undefined;
  late: number;
}

/** The runs that are not over, in the order of their numbers. */
export function onRoad(
  runs: readonly RunRow[],
  stops: readonly StopStateRow[],
  now: number,
): OnRoad[] {
  return runs
    .filter(({ state }) => state !== "closed")
    .sort((a, b) => a.number - b.number)
    .map(run => {
      const mine = stops.filter(stop => stop.run === run.id).sort((a, b) => a.seq - b.seq);
      return {
        run,
        stops: mine,
        next: mine.find(({ state }) => state !== "closed"),
        late: mine.filter(stop => isLate(stop, now)).length,
      };
    });
}

export interface Seen extends Spot {
  readonly at: number;
}

/** Where its van was seen last: at a door, or by its driver's device on the way, whatever is newer. */
export function seenLast(run: RunRow, presence: readonly PresenceRow[]): Seen | null {
  const mine = presence.filter(({ person }) => person !== null && person === run.driver);
  const words = [run, ...(run.state === "departed" ? mine : [])].flatMap(
    ({ lat_e7, lon_e7, seen_at }) =>
      lat_e7 === null || lon_e7 === null || seen_at === null
        ? []
        : [{ lat_e7, lon_e7, at: seen_at }],
  );
  return words.sort((a, b) => b.at - a.at)[0] ?? null;
}

export function lineOf({ run, stops, next }: OnRoad, now: number): MapLine {
  return { id: run.id, stops: stops.map(stop => onMap(stop, next?.id, now)) };
}
