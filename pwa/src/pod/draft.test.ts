import "fake-indexeddb/auto";
import { beforeAll, expect, it, vi } from "vitest";
import { openStorage, type Storage } from "../outbox/storage";
import { prepareBlob } from "../sync";
import { start } from "../sync/engine";
import { keepPhotos, loadDraft } from "./draft";

let storage: Storage;

beforeAll(async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  storage = await openStorage("drafts");
  await start({ authenticate: async () => ({ ok: false }), lost: async () => false }, "drafts");
});

const photo = async (byte: number) => ({
  ...(await prepareBlob(new Uint8Array([byte, 1]).buffer, "image/jpeg", "photo")),
  of: "",
});

const names = () => storage.read(db => db.getAllKeys("bytes"));

it("keeps each photo once, by its hash, and lists it without its bytes", async () => {
  const [one, two] = [await photo(1), await photo(2)];
  const kept = await keepPhotos("S1", [one]);
  await keepPhotos("S1", [...kept, two]);
  expect((await names()).sort()).toEqual([one.sha256, two.sha256].sort());
  expect(JSON.stringify(await storage.getMeta("draft.photos:S1"))).not.toContain("bytes");
  const { photos } = await loadDraft("S1");
  expect(photos.map(each => [each.sha256, new Uint8Array(each.bytes)[0]])).toEqual([
    [one.sha256, 1],
    [two.sha256, 2],
  ]);
});

it("forgets the bytes of a photo that was removed, unless a proof names them", async () => {
  const [gone, named] = [await photo(3), await photo(4)];
  await keepPhotos("S2", [gone, named]);
  const { sha256 } = named;
  const entry = { sha256, mime: "image/jpeg", use: "photo", size: 2, n: 1, at: 1 } as const;
  await storage.write(["blobs"], tx =>
    tx.objectStore("blobs").put({ ...entry, state: "waiting" }, sha256),
  );
  await keepPhotos("S2", []);
  expect(await names()).not.toContain(gone.sha256);
  expect(await names()).toContain(named.sha256);
});

it("reads a draft of an older build, whose list held the bytes", async () => {
  const { of: _, ...old } = await photo(5);
  await storage.putMeta("draft.photos:S3", [old]);
  const { photos } = await loadDraft("S3");
  expect(photos[0]?.of).toBe("");
  expect(new Uint8Array(photos[0]?.bytes ?? new ArrayBuffer(0))[0]).toBe(5);
});
