/**
 * What the driver has entered at a stop so far, on the device's disk, so that a killed app comes
 * back with the outcome, the photos and every stroke. Photos stand apart: a stroke more must not
 * write megabytes.
 */
import type { PreparedBlob } from "../sync";
import { disk } from "../sync/engine";
import type { Strokes } from "../ui";
import type { Outcome } from "./policy";

export interface Draft {
  readonly step: string;
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly delivered: Readonly<Record<number, number>>;
  readonly receiver: string;
  readonly strokes: Strokes;
  /** Parcels scanned off the vehicle. */
  readonly off: readonly string[];
  /** The camera does not work, or there is no room: the photo stays away. */
  readonly noPhoto: boolean;
}

export const EMPTY: Draft = {
  step: "handover",
  outcome: null,
  reason: "",
  delivered: {},
  receiver: "",
  strokes: [],
  off: [],
  noPhoto: false,
};

export interface Kept {
  readonly draft: Draft;
  readonly photos: readonly PreparedBlob[];
}

export async function loadDraft(stop: string): Promise<Kept> {
  const [draft, photos] = await Promise.all([
    disk().getMeta<Draft>(`draft:${stop}`),
    disk().getMeta<readonly PreparedBlob[]>(`draft.photos:${stop}`),
  ]);
  return { draft: { ...EMPTY, ...draft }, photos: photos ?? [] };
}

export function keepDraft(stop: string, draft: Draft): Promise<void> {
  return disk().putMeta(`draft:${stop}`, draft);
}

export function keepPhotos(stop: string, photos: readonly PreparedBlob[]): Promise<void> {
  return disk().putMeta(`draft.photos:${stop}`, photos);
}

export function dropDraft(stop: string): Promise<void> {
  return disk().write(["meta"], async tx => {
    const meta = tx.objectStore("meta");
    await Promise.all([meta.delete(`draft:${stop}`), meta.delete(`draft.photos:${stop}`)]);
  });
}
