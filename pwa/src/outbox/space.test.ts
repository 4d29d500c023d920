import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prepareBlob } from "./blob";
import { freeReserve, KEEP_MS, keepReserve, prune, refusePhotosWhenFull } from "./space";
import { type BlobEntry, openStorage, type Storage } from "./storage";

const NOW = 1_795_000_000_000;
let count = 0;
let storage: Storage;

beforeEach(async () => {
  storage = await openStorage(`space-${++count}`);
});
afterEach(() => vi.unstubAllGlobals());

function roomFor(bytes: number): void {
  const estimate = async () => ({ quota: 1_000_000_000, usage: 1_000_000_000 - bytes });
  vi.stubGlobal("navigator", { storage: { estimate } });
}

async function keep(sha256: string, state: BlobEntry["state"], at: number): Promise<void> {
  const entry: BlobEntry = { sha256, mime: "image/jpeg", use: "photo", size: 1, n: 1, at, state };
  await storage.write(["blobs", "bytes"], async tx => {
    await tx.objectStore("blobs").put(entry, sha256);
    await tx.objectStore("bytes").put(new ArrayBuffer(1), sha256);
  });
}
const blobs = () => storage.read(db => db.getAllKeys("blobs"));

describe("room on the device", () => {
  it("takes away answered operations and sent photos of more than 30 days, nothing else", async () => {
    await storage.write(["ops"], async tx => {
      for (let n = 1; n <= 5; n++) await tx.objectStore("ops").put({ n } as never, n);
    });
    await keep("old-sent", "sent", NOW - KEEP_MS);
    await keep("old-waiting", "waiting", NOW - KEEP_MS);
    await keep("new-sent", "sent", NOW - KEEP_MS + 1);
    await prune(storage, 3, NOW);
    expect(await storage.read(db => db.getAllKeys("ops"))).toEqual([4, 5]);
    expect(await blobs()).toEqual(["new-sent", "old-waiting"]);
    expect(await storage.read(db => db.getAllKeys("bytes"))).toEqual(["new-sent", "old-waiting"]);
  });

  it("lets the older half of the sent photos go early when room is short, never one that waits", async () => {
    roomFor(30_000_000);
    for (const [i, name] of ["a", "b", "c", "d"].entries()) await keep(name, "sent", NOW - 100 + i);
    await keep("waiting", "waiting", NOW - 200);
    await prune(storage, 0, NOW);
    expect(await blobs()).toEqual(["c", "d", "waiting"]);
  });

  it("refuses a photo while there is still room for scans", async () => {
    const photo = [await prepareBlob(new ArrayBuffer(1_000), "image/jpeg", "photo")];
    roomFor(20_000_500);
    await expect(refusePhotosWhenFull(photo)).rejects.toMatchObject({ reason: "no_space" });
    roomFor(20_001_000);
    await expect(refusePhotosWhenFull(photo)).resolves.toBeUndefined();
  });

  it("keeps a reserve that does not compress away, and gives it back", async () => {
    await keepReserve(storage);
    const bytes = new Uint8Array(
      (await storage.read(db => db.get("bytes", "reserve"))) as ArrayBuffer,
    );
    expect(bytes).toHaveLength(1_000_000);
    expect(new Set(bytes.slice(-1_000)).size).toBeGreaterThan(200);
    await freeReserve(storage);
    expect(await storage.read(db => db.getAllKeys("bytes"))).toEqual([]);
  });
});
