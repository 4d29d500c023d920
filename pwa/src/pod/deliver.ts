/** Closes a stop: record, hash, signature and evidence on the disk in one transaction. */
import { thisDevice } from "../auth";
import { BOOT } from "../kernel/stamp";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob, serverSeen, session } from "../sync";
import { CHAIN_START, chainHead, type Head, noteHead, sha256Hex } from "./chain";
import { keepClosed } from "./closed";
import { type Draft, dropDraft } from "./draft";
import { policyOf } from "./policy";
import { endWatch, placeNow } from "./position";
import { bytesOf, type Circumstances, evidence, type Stop, type Told } from "./record";
import { STROKES_MIME, strokesJson } from "./strokes";

export type Entered = Told & Pick<Draft, "strokes">;

let before: Promise<unknown> = Promise.resolve();

/**
 * Resolves when the proof is on the disk. Rejects with `NotSaved`; with reason `no_space` the
 * photos found no room, and the caller may try again without them.
 */
export function deliver(
  stop: Stop,
  entered: Entered,
  photos: readonly PreparedBlob[],
): Promise<void> {
  // One after the other: two proofs must not name the same record as the one before.
  const now = before.then(() => seal(stop, entered, photos));
  before = now.catch(() => {});
  return now;
}

async function seal(stop: Stop, entered: Entered, photos: readonly PreparedBlob[]): Promise<void> {
  const device = await thisDevice();
  const person = session.value?.person;
  if (!device || !person) throw new NotSaved("cleared");
  const head = await headOf(device.device);
  const signed = await signatureBlob(entered);
  const blobs = [...(signed ? [signed] : []), ...photos];
  const record = evidence(stop, entered, {
    device: device.device,
    person,
    seq: head.seq + 1,
    prev: head.hash,
    signature: signed?.ref ?? null,
    photos: photos.map(photo => photo.ref),
    ...clocks(),
  });
  const bytes = bytesOf(record);
  const [hash, signature] = await Promise.all([sha256Hex(bytes), device.sign(bytes)]);
  const op = await dispatch("pod.deliver", { record, hash, signature }, blobs);
  known = { device: device.device, head: { seq: record.seq, hash } };
  // The operation has it all; what follows only makes the way back shorter.
  await Promise.allSettled([
    noteHead(device.device, known.head),
    keepClosed(stop, record, op),
    dropDraft(stop.id),
  ]);
  endWatch();
}

function clocks(): Pick<Circumstances, "place" | "at" | "boot" | "mono" | "serverSeen"> {
  const mono = performance.now();
  return { place: placeNow(mono), at: Date.now(), boot: BOOT, mono, serverSeen: serverSeen.value };
}

function signatureBlob({ outcome, reason, strokes }: Entered): Promise<PreparedBlob> | null {
  if (strokes.length === 0 || policyOf([], outcome, reason).signature === "off") return null;
  const bytes = new TextEncoder().encode(strokesJson(strokes)).buffer;
  return prepareBlob(bytes, STROKES_MIME, "signature");
}

/** Read from the disk once a run of the app: it holds thousands of operations. */
let known: { device: string; head: Head } = { device: "", head: CHAIN_START };

async function headOf(device: string): Promise<Head> {
  if (known.device !== device) known = { device, head: await chainHead(device) };
  return known.head;
}

/** Reads ahead what `deliver` will need, while the driver still looks at the stop. */
export async function prepareToDeliver(): Promise<void> {
  const device = await thisDevice();
  if (device) await headOf(device.device);
}
