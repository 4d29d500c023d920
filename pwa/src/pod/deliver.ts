/** Closes a stop: record, hash, signature and evidence on the disk in one transaction. */
import { thisDevice } from "../auth";
import { BOOT } from "../kernel/stamp";
import type { WireOp } from "../kernel/wire";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob, serverSeen, session } from "../sync";
import { isSigned, type Strokes } from "../ui/strokes";
import { CHAIN_START, chainHead, type Head, headNote, sha256Hex } from "./chain";
import { closed, closedBefore, closedNote, withClosed } from "./closed";
import { type Draft, type KeptPhoto, noDraft } from "./draft";
import { endWatch, placeNow } from "./position";
import type { Told } from "./record";
import { bytesOf, type Circumstances, evidence, policyOf } from "./record";
import type { Evidence, Stop } from "./shapes";
import { STROKES_MIME, strokesJson } from "./strokes";

export type Entered = Told & Pick<Draft, "strokes">;

export interface Sealing {
  readonly stop: Stop;
  readonly entered: Entered;
  readonly photos: readonly KeptPhoto[];
  /** The words above the signature. */
  readonly shown: string;
  /** Hash of the record that this one replaces. */
  readonly corrects?: string | null;
  /** For a proof that came on paper and is entered at a desk. */
  readonly desk?: Evidence["desk"];
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Resolves when the proof is on the disk. Rejects with `NotSaved`; with reason `no_space` the
 * photos found no room, and the caller may try again without them.
 */
export function deliver(sealing: Sealing): Promise<void> {
  // One after the other: two proofs must not name the same record as the one before.
  const now = before.then(() => seal(sealing));
  before = now.catch(() => {});
  return now;
}

async function seal(sealing: Sealing): Promise<void> {
  const { stop, entered, photos, desk = null } = sealing;
  const device = ready ?? (await thisDevice());
  const person = session.value?.person;
  if (!device || !person) throw new NotSaved("cleared");
  const head = await headOf(device.device);
  const signed = await signing(sealing);
  const record = evidence(stop, entered, {
    device: device.device,
    person,
    seq: head.seq + 1,
    prev: head.hash,
    corrects: sealing.corrects ?? null,
    desk,
    ...signed.said,
    ...sorted(photos),
    ...clocks(),
    ...(desk && { place: { position: null, no_position: "desk" } as const }),
  });
  const bytes = bytesOf(record);
  const [hash, signature] = await Promise.all([sha256Hex(bytes), device.sign(bytes)]);
  const blobs = [...signed.blobs, ...photos];
  const sealed = { device: device.device, head: { seq: record.seq, hash } };
  await closedBefore();
  // All in the operation's own transaction: a phone that dies now comes back with the stop closed.
  const notes = (op: WireOp) => ({
    ...headNote(sealed.device, sealed.head),
    ...closedNote(withClosed(stop, record, hash, op)),
    ...noDraft(stop.id),
  });
  const op = await (desk
    ? dispatch("pod.enter_proof", { record, hash, signature }, blobs, notes)
    : dispatch("pod.deliver", { record, hash, signature, shown: signed.words }, blobs, notes));
  known = sealed;
  closed.value = withClosed(stop, record, hash, op);
  endWatch(stop.id);
}

type Clocks = Pick<Circumstances, "place" | "at" | "boot" | "mono" | "serverSeen">;

function clocks(): Clocks {
  const mono = performance.now();
  return { place: placeNow(mono), at: Date.now(), boot: BOOT, mono, serverSeen: serverSeen.value };
}

/** Which photo shows what. */
function sorted(all: readonly KeptPhoto[]) {
  const of = (what: string) => all.filter(photo => photo.of === what).map(photo => photo.ref);
  const lines = [...new Set(all.map(photo => photo.of))].filter(what => /^\d+$/.test(what));
  const linePhotos = Object.fromEntries(lines.map(no => [Number(no), of(no)]));
  return { photos: of(""), slip: of("slip"), linePhotos };
}

interface Signing {
  readonly said: Pick<Circumstances, "signature" | "signedOn" | "link" | "shown">;
  readonly blobs: readonly PreparedBlob[];
  readonly words: string;
}

const UNSIGNED: Signing = {
  said: { signature: null, signedOn: "", link: "", shown: "" },
  blobs: [],
  words: "",
};

/** The receiver's own phone goes before the pad; its bytes are at the server already. */
async function signing({ stop, entered, shown, desk }: Sealing): Promise<Signing> {
  if (desk || policyOf(stop, entered).signature === "off") return UNSIGNED;
  if (stop.signed) {
    const { signature, link, shown: words } = stop.signed;
    const said = { signature, signedOn: "receiver", link, shown: await hashOf(words) } as const;
    return { said, blobs: [], words };
  }
  if (!isSigned(entered.strokes)) return UNSIGNED;
  const blob = await drawnBlob(entered.strokes);
  const said = { signature: blob.ref, signedOn: "driver", link: "" } as const;
  return { said: { ...said, shown: await hashOf(shown) }, blobs: [blob], words: shown };
}

const drawn = new WeakMap<Strokes, Promise<PreparedBlob>>();

/** Made once for the same strokes. */
function drawnBlob(strokes: Strokes): Promise<PreparedBlob> {
  const known = drawn.get(strokes);
  if (known) return known;
  const bytes = new TextEncoder().encode(strokesJson(strokes)).buffer;
  const made = prepareBlob(bytes, STROKES_MIME, "signature");
  drawn.set(strokes, made);
  return made;
}

function hashOf(words: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(words));
}

/** Read from the disk once a run of the app: it holds thousands of operations. */
let known: { device: string; head: Head } = { device: "", head: CHAIN_START };

async function headOf(device: string): Promise<Head> {
  if (known.device !== device) known = { device, head: await chainHead(device) };
  return known.head;
}

let ready: Awaited<ReturnType<typeof thisDevice>> = null;

/** Reads ahead what `deliver` will need, while the driver still looks at the stop. */
export async function prepareToDeliver(strokes: Strokes = []): Promise<void> {
  ready = await thisDevice();
  await Promise.all([
    ready && headOf(ready.device),
    closedBefore(),
    isSigned(strokes) && drawnBlob(strokes),
  ]);
}
