/**
 * What the driver has entered at a stop so far, on the device's disk, so that a killed app comes
 * back with the outcome, the photos and every stroke. Photos stand apart: a stroke more must not
 * write megabytes.
 */
import type { PreparedBlob } from "../sync";
import { disk } from "../sync/engine";
import type { Strokes } from "../ui";
import type { Missing, Outcome } from "./policy";
import type { Evidence } from "./record";

export interface Answered {
  readonly answer: Evidence["inspection"][number]["answer"];
  readonly note: string;
}

export interface Draft {
  readonly step: string;
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly delivered: Readonly<Record<number, number>>;
  /** By line; a line without one has the stop's. */
  readonly lineReasons: Readonly<Record<number, string>>;
  readonly receiver: string;
  readonly strokes: Strokes;
  /** Parcels scanned off the vehicle. */
  readonly off: readonly string[];
  /** What must be and is left out, each with its reason. */
  readonly relaxed: Readonly<Partial<Record<Missing, string>>>;
  /** Steps that the policy leaves to the driver and that the driver wants. */
  readonly extra: readonly string[];
  readonly pin: Evidence["pin"];
  readonly pinTries: number;
  readonly answers: Readonly<Record<string, Answered>>;
  readonly stages: Readonly<Record<string, { readonly by: string; readonly at: number }>>;
}

export const EMPTY: Draft = {
  step: "handover",
  outcome: null,
  reason: "",
  delivered: {},
  lineReasons: {},
  receiver: "",
  strokes: [],
  off: [],
  relaxed: {},
  extra: [],
  pin: "",
  pinTries: 0,
  answers: {},
  stages: {},
};

/** `of`: the goods or the door (`""`), the paper `slip`, or the number of a line. */
export type KeptPhoto = PreparedBlob & { readonly of: string };

export interface Kept {
  readonly draft: Draft;
  readonly photos: readonly KeptPhoto[];
}

export async function loadDraft(stop: string): Promise<Kept> {
  const [draft, photos] = await Promise.all([
    disk().getMeta<Draft>(`draft:${stop}`),
    disk().getMeta<readonly KeptPhoto[]>(`draft.photos:${stop}`),
  ]);
  // An older build kept no `of`.
  const kept = (photos ?? []).map(photo => ({ ...photo, of: photo.of ?? "" }));
  return { draft: { ...EMPTY, ...draft }, photos: kept };
}

export function keepDraft(stop: string, draft: Draft): Promise<void> {
  return disk().putMeta(`draft:${stop}`, draft);
}

export function keepPhotos(stop: string, photos: readonly KeptPhoto[]): Promise<void> {
  return disk().putMeta(`draft.photos:${stop}`, photos);
}

export function dropDraft(stop: string): Promise<void> {
  return disk().write(["meta"], async tx => {
    const meta = tx.objectStore("meta");
    await Promise.all([meta.delete(`draft:${stop}`), meta.delete(`draft.photos:${stop}`)]);
  });
}
