/**
 * What the driver has entered at a stop so far, on the device's disk, so that a killed app comes
 * back with the outcome, the photos and every stroke. Photos stand apart: a stroke more must not
 * write megabytes.
 */
import { refusePhotosWhenFull } from "../outbox/space";
import type { PreparedBlob } from "../sync";
import { disk } from "../sync/engine";
import type { Strokes } from "../ui";
import type { Missing, Outcome } from "./policy";
import type { Evidence } from "./shapes";

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

/** A photo as the draft lists it; its bytes lie by themselves, where those of proofs lie. */
type Listed = Omit<KeptPhoto, "bytes"> & { readonly bytes?: ArrayBuffer };

export async function loadDraft(stop: string): Promise<Kept> {
  const [draft, listed] = await Promise.all([
    disk().getMeta<Draft>(`draft:${stop}`),
    disk().getMeta<readonly Listed[]>(`draft.photos:${stop}`),
  ]);
  const photos = await Promise.all((listed ?? []).map(withBytes));
  const kept = photos.filter(photo => photo !== null);
  return { draft: { ...EMPTY, ...draft }, photos: kept };
}

/** An older build kept the bytes in the list, and no `of`. */
async function withBytes(photo: Listed): Promise<KeptPhoto | null> {
  const bytes = photo.bytes ?? (await disk().read(db => db.get("bytes", photo.sha256)));
  return bytes ? { ...photo, of: photo.of ?? "", bytes } : null;
}

export function keepDraft(stop: string, draft: Draft): Promise<void> {
  return disk().putMeta(`draft:${stop}`, draft);
}

/** The photos of a draft as they are on the disk now; rejects with `NotSaved` where there is no room. */
export async function keepPhotos(
  stop: string,
  photos: readonly KeptPhoto[],
): Promise<readonly KeptPhoto[]> {
  await refusePhotosWhenFull(photos);
  const listed = photos.map(({ bytes: _, ...photo }): Listed => ({ ...photo, kept: true }));
  await disk().write(["meta", "bytes", "blobs"], async tx => {
    const [meta, bytes] = [tx.objectStore("meta"), tx.objectStore("bytes")];
    const before = (await meta.get(`draft.photos:${stop}`)) as readonly Listed[] | undefined;
    for (const { sha256 } of before ?? []) {
      if (listed.some(photo => photo.sha256 === sha256)) continue;
      // Another proof may name the same bytes.
      if ((await tx.objectStore("blobs").getKey(sha256)) === undefined) await bytes.delete(sha256);
    }
    for (const photo of photos) if (!photo.kept) await bytes.put(photo.bytes, photo.sha256);
    await meta.put(listed, `draft.photos:${stop}`);
  });
  return photos.map(photo => ({ ...photo, kept: true }));
}

/** The notes of a draft that has become a record. */
export function noDraft(stop: string): Readonly<Record<string, undefined>> {
  return { [`draft:${stop}`]: undefined, [`draft.photos:${stop}`]: undefined };
}
