/** What the supervisor's map shows: bays by how often they are picked, zones, people. Pure. */
import type { PlaceRow } from "../../kernel/contract";
import { type FloorPlan, type Spot, spotOf } from "../floor/floor-plan";

/** A bin as `/api/floor` tells it. */
export interface FloorBin {
  readonly code: string;
  readonly kind: string;
  readonly zone: string;
  readonly aisle: number;
  readonly block: number;
  readonly offset_dm: number;
  readonly side: string;
  readonly level: number;
}

/** Picks by bin; a bin that is missing has none. */
export type Picks = Readonly<Record<string, number>>;

/** All levels of one place at the shelf. */
export interface Bay {
  readonly key: string;
  readonly aisle: number;
  readonly side: string;
  readonly spot: Spot;
  readonly zone: string;
  readonly codes: readonly string[];
  readonly picks: number;
  /** Decimetres along the aisle that it may be drawn long. */
  readonly length: number;
}

/** Bins that stand on a floor of this plan, the levels of each place together. */
export function bays(plan: FloorPlan, bins: readonly FloorBin[], picks: Picks): Bay[] {
  const found = new Map<string, Bay & { codes: string[] }>();
  for (const bin of bins) {
    if (!stands(plan, bin)) continue;
    const key = `${bin.aisle}/${bin.block}/${bin.offset_dm}/${bin.side}`;
    const { aisle, side, zone } = bin;
    const bay = found.get(key) ?? {
      key,
      aisle,
      side,
      zone,
      spot: spotOf(plan, bin),
      codes: [],
      picks: 0,
      length: 0,
    };
    bay.codes.push(bin.code);
    found.set(key, { ...bay, picks: bay.picks + (picks[bin.code] ?? 0) });
  }
  return withLengths([...found.values()]);
}

function stands({ aisles, block_lengths }: FloorPlan, { aisle, block, offset_dm }: FloorBin) {
  return aisle < aisles && offset_dm <= (block_lengths[block] ?? -1);
}

const ALONE = 30;

/** As long as bays usually are on this floor, and never into the next one of the same shelf. */
function withLengths(all: readonly Bay[]): Bay[] {
  const shelves = new Map<string, Bay[]>();
  for (const bay of all) {
    const key = `${bay.aisle}/${bay.side}`;
    shelves.set(key, [...(shelves.get(key) ?? []), bay]);
  }
  const counts = new Map<number, number>();
  const nearest = new Map<string, number>();
  for (const shelf of shelves.values()) {
    shelf.sort((a, b) => a.spot.y - b.spot.y);
    for (const [i, bay] of shelf.slice(1).entries()) {
      const before = shelf[i] ?? bay;
      const gap = bay.spot.y - before.spot.y;
      if (gap <= 0) continue;
      counts.set(gap, (counts.get(gap) ?? 0) + 1);
      nearest.set(bay.key, Math.min(gap, nearest.get(bay.key) ?? gap));
      nearest.set(before.key, Math.min(gap, nearest.get(before.key) ?? gap));
    }
  }
  const usual = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? ALONE;
  return all.map(bay => ({ ...bay, length: Math.min(usual, nearest.get(bay.key) ?? usual) }));
}

export const WARMEST = 4;

/** 0 for no picks at all, 1 to 4 for quarters of the busiest. */
export function warmth(picks: number, most: number): number {
  if (picks <= 0 || most <= 0) return 0;
  return Math.min(WARMEST, Math.max(1, Math.ceil((WARMEST * picks) / most)));
}

/** The least picks that make each warmth from 1 on, for the legend; classes nobody can reach go. */
export function steps(most: number): { warmth: number; least: number; most: number }[] {
  const found = [];
  for (let w = 1; w <= WARMEST; w++) {
    const from = Math.floor(((w - 1) * most) / WARMEST) + 1;
    const to = Math.floor((w * most) / WARMEST);
    if (to >= from) found.push({ warmth: w, least: from, most: to });
  }
  return found;
}

export interface AisleHeat {
  readonly aisle: number;
  readonly bins: number;
  readonly picks: number;
  readonly zones: readonly string[];
  readonly busiest: string;
}

export function aisleHeat(plan: FloorPlan, bins: readonly FloorBin[], picks: Picks): AisleHeat[] {
  return Array.from({ length: plan.aisles }, (_, aisle) => {
    const here = bins.filter(bin => bin.aisle === aisle && stands(plan, bin));
    const of = (bin: FloorBin | undefined) => (bin ? (picks[bin.code] ?? 0) : 0);
    const busiest = here.reduce<FloorBin | undefined>((a, b) => (of(b) > of(a) ? b : a), undefined);
    return {
      aisle,
      bins: here.length,
      picks: here.reduce((sum, bin) => sum + of(bin), 0),
      zones: [...new Set(here.map(({ zone }) => zone).filter(Boolean))].sort(),
      busiest: busiest?.code ?? "",
    };
  });
}

/** A run of neighbouring aisles of one block that belong to one zone. */
export interface ZoneArea {
  readonly zone: string;
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

/** Where a part holds bins of several zones, the one of most bins names it. */
export function zoneAreas(plan: FloorPlan, bins: readonly FloorBin[]): ZoneArea[] {
  const counts = new Map<string, Map<string, number>>();
  for (const bin of bins) {
    if (!bin.zone || !stands(plan, bin)) continue;
    const part = `${bin.block}/${bin.aisle}`;
    const of = counts.get(part) ?? new Map<string, number>();
    counts.set(part, of.set(bin.zone, (of.get(bin.zone) ?? 0) + 1));
  }
  const areas: ZoneArea[] = [];
  for (const block of plan.block_lengths.keys())
    for (let aisle = 0; aisle < plan.aisles; aisle++) {
      const zone = most(counts.get(`${block}/${aisle}`));
      const last = areas.at(-1);
      if (zone === undefined) continue;
      if (last && last.block === block && last.zone === zone && last.to === aisle - 1)
        areas[areas.length - 1] = { ...last, to: aisle };
      else areas.push({ zone, block, from: aisle, to: aisle });
    }
  return areas;
}

function most(counts: ReadonlyMap<string, number> | undefined): string | undefined {
  const sorted = [...(counts ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted[0]?.[0];
}

/** Longer ago than this somebody is most likely elsewhere by now: drawn, but faintly. */
const LONG_MS = 10 * 60_000;
/** Yesterday's shift is not on the floor any more. */
const GONE_MS = 12 * 3_600_000;

export interface Whereabouts {
  readonly person: string;
  readonly name: string;
  readonly bin: string;
  readonly doing: string;
  readonly at: number;
  readonly isLongAgo: boolean;
  /** `null` where the bin is not on the map: at a dock, or at a shelf of another plan. */
  readonly spot: Spot | null;
  readonly side: string;
  /** How many others drawn before stand at the same spot. */
  readonly beside: number;
}

/** Who confirmed something in the last half day and where, the newest first. */
export function whereabouts(
  plan: FloorPlan | null,
  rows: readonly PlaceRow[],
  bins: ReadonlyMap<string, FloorBin>,
  nameOf: (person: string) => string,
  now: number,
): Whereabouts[] {
  const taken = new Map<string, number>();
  return rows
    .filter(({ at }) => now - at < GONE_MS)
    .sort((a, b) => b.at - a.at || (a.person < b.person ? -1 : 1))
    .map(({ person, bin, doing, at }) => {
      const shelf = bins.get(bin);
      const spot = plan && shelf && stands(plan, shelf) ? spotOf(plan, shelf) : null;
      const key = spot ? `${spot.aisle}/${spot.y}` : "";
      const beside = taken.get(key) ?? 0;
      if (spot) taken.set(key, beside + 1);
      const isLongAgo = now - at > LONG_MS;
      return {
        person,
        name: nameOf(person),
        bin,
        doing,
        at,
        isLongAgo,
        spot,
        side: shelf?.side ?? "L",
        beside: spot ? beside : 0,
      };
    });
}

/** As much of a name as fits into a sign: `Li Na` is `LN`, `李娜` is `李娜`, `Wei` is `We`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  if (words.length > 1 && !/\p{Script=Han}/u.test(name))
    return words
      .map(word => [...word][0] ?? "")
      .join("")
      .slice(0, 2);
  return [...(words[0] ?? "")].slice(0, 2).join("");
}
