/** Room on the device: a photo is refused before a scan would be. */
import type { PreparedBlob } from "./blob";
import { NotSaved, type Storage } from "./storage";

const DAY = 86_400_000;

/** Answered operations and sent photos stay this long. */
export const KEEP_MS = 30 * DAY;

const RESERVE = "reserve";
const RESERVE_BYTES = 1_000_000;
const LEAVE_FREE = 20_000_000;

async function free(): Promise<number> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  if (!estimate?.quota) return Number.POSITIVE_INFINITY;
  return estimate.quota - (estimate.usage ?? 0);
}

export async function refusePhotosWhenFull(blobs: readonly PreparedBlob[]): Promise<void> {
  // A signature takes no more room than a scan, and asking takes longer than writing it.
  const more = blobs.filter(blob => blob.use === "photo" && !blob.kept);
  if (more.length === 0) return;
  const needed = more.reduce((sum, blob) => sum + blob.bytes.byteLength, LEAVE_FREE);
  if ((await free()) < needed) throw new NotSaved("no_space");
}

/**
 * Keeps a megabyte taken, so that a full disk still has room for scans: `freeReserve` gives it
 * back. Random bytes, because what compresses well does not count against a quota.
 */
export async function keepReserve(storage: Storage): Promise<void> {
  if (await storage.read(db => db.getKey("bytes", RESERVE))) return;
  const bytes = new Uint8Array(RESERVE_BYTES);
  for (let at = 0; at < RESERVE_BYTES; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, RESERVE_BYTES)));
  await storage.write(["bytes"], tx => tx.objectStore("bytes").put(bytes.buffer, RESERVE));
}

export async function freeReserve(storage: Storage): Promise<void> {
  await storage.write(["bytes"], tx => tx.objectStore("bytes").delete(RESERVE));
}

/** Takes away what was answered more than 30 days ago, operations up to `n`, and old sent blobs. */
export async function prune(storage: Storage, n: number, now: number): Promise<void> {
  const tight = (await free()) < 2 * LEAVE_FREE;
  await storage.write(["ops", "blobs", "bytes"], async tx => {
    if (n > 0) await tx.objectStore("ops").delete(IDBKeyRange.upperBound(n));
    const sent = (await tx.objectStore("blobs").getAll()).filter(blob => blob.state === "sent");
    sent.sort((a, b) => a.at - b.at);
    // When room is short the older half goes at once: the server has them.
    const early = tight ? Math.ceil(sent.length / 2) : 0;
    for (const blob of sent.filter((b, i) => i < early || b.at <= now - KEEP_MS)) {
      await tx.objectStore("blobs").delete(blob.sha256);
      await tx.objectStore("bytes").delete(blob.sha256);
    }
  });
}
