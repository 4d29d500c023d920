/** The rules of the dock: what the site asks for, which papers hold a parcel back, what is short. */
import { isSigned, type Strokes } from "../../ui/strokes";
import { inOrder, type Stop } from "./flow";

export type Wish = "must" | "may" | "off";
export type Short = "missing" | "damaged";

export interface LoadRules {
  readonly signature: Wish;
  readonly photo: Wish;
  readonly plates: readonly string[];
}

const WISHES: readonly string[] = ["must", "may", "off"];

/** The site's setting `loading`; what cannot be read asks for nothing, as on the server. */
export function loadRules(value: unknown): LoadRules {
  const said = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const wish = (name: string): Wish =>
    WISHES.includes(String(said[name])) ? (said[name] as Wish) : "may";
  const plates = Array.isArray(said.plates) ? said.plates.filter(p => typeof p === "string") : [];
  return { signature: wish("signature"), photo: wish("photo"), plates };
}

/** Why a parcel is not aboard, and the reasons that fit; the usual one first. */
export const LOAD_REASONS = {
  missing: ["not_found", "at_bench", "not_on_pallet", "other"],
  damaged: ["crushed", "wet", "open", "other"],
  extra: ["late_packed", "found", "dispatch", "other"],
} as const satisfies Record<string, readonly string[]>;

export type What = keyof typeof LOAD_REASONS;
export type LoadReason = (typeof LOAD_REASONS)[What][number];

export interface Placed {
  readonly stop: Stop;
  readonly parcel: string;
}

/** Parcels that do not go along, each with what is wrong with it. */
export function shortOf(stops: readonly Stop[]): (Placed & { short: Short })[] {
  return inOrder(stops).flatMap(stop =>
    stop.parcels
      .filter(({ short }) => short)
      .map(({ number, short }) => ({ stop, parcel: number, short: short as Short })),
  );
}

/** On the vehicle; the last stop's first, as they stand behind the others. */
export function aboard(stops: readonly Stop[]): Placed[] {
  return inOrder(stops)
    .reverse()
    .flatMap(stop =>
      stop.parcels.filter(({ loaded }) => loaded).map(({ number }) => ({ stop, parcel: number })),
    );
}

export interface Leaving {
  readonly vehicle: string;
  readonly strokes: Strokes;
  readonly photos: number;
  readonly noPhoto: boolean;
}

export type DepartLack = "vehicle" | "signature" | "photo";

/** What still has to be entered before the vehicle may leave; a dot is no signature. */
export function departLack(leaving: Leaving, rules: LoadRules): DepartLack | null {
  if (leaving.vehicle.trim() === "") return "vehicle";
  const { strokes } = leaving;
  const isDot = strokes.length > 0 && !isSigned(strokes);
  if (rules.signature !== "off" && (isDot || (rules.signature === "must" && strokes.length === 0)))
    return "signature";
  if (rules.photo === "must" && leaving.photos === 0 && !leaving.noPhoto) return "photo";
  return null;
}
