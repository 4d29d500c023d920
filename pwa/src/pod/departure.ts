/**
 * What the driver has entered for the departure so far, on the device's disk: a rotation or a dead
 * battery must not cost a signature.
 */
import { type PreparedBlob, prepareBlob } from "../sync";
import { disk } from "../sync/engine";
import type { Strokes } from "../ui/strokes";
import { STROKES_MIME, strokesJson } from "./strokes";

export interface Departure {
  readonly vehicle: string;
  readonly strokes: Strokes;
  /** The camera does not work, or there is no room. */
  readonly noPhoto: boolean;
  readonly photos: readonly PreparedBlob[];
}

export const NOTHING: Departure = { vehicle: "", strokes: [], noPhoto: false, photos: [] };

export async function loadDeparture(run: string): Promise<Departure> {
  return { ...NOTHING, ...(await disk().getMeta<Partial<Departure>>(key(run))) };
}

/** Rejects with `NotSaved` when the device has no room. */
export function keepDeparture(run: string, departure: Departure): Promise<void> {
  return disk().putMeta(key(run), departure);
}

export function dropDeparture(run: string): Promise<void> {
  return disk().write(["meta"], async tx => {
    await tx.objectStore("meta").delete(key(run));
  });
}

export function signatureOf(strokes: Strokes): Promise<PreparedBlob> | null {
  if (strokes.length === 0) return null;
  const bytes = new TextEncoder().encode(strokesJson(strokes)).buffer;
  return prepareBlob(bytes, STROKES_MIME, "signature");
}

function key(run: string): string {
  return `departure:${run}`;
}
