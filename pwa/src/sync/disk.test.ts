import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import { prepareBlob } from "../outbox/blob";
import { createOutbox } from "../outbox/outbox";
import { NotSaved, openStorage, type Storage } from "../outbox/storage";
import { found, fresh, load, save } from "./disk";

let count = 0;
let storage: Storage;

beforeEach(async () => {
  storage = await openStorage(`disk-${++count}`);
  await found(storage, fresh("k7", "1-a"), { device: "k7" });
});

const nothing = { forget: [], rows: [] };
const states = async () => (await storage.read(db => db.getAll("blobs"))).map(blob => blob.state);

it("writes nothing on a disk that was cleared, and does not take it for its own afterwards", async () => {
  await storage.write(
    ["meta", "ops", "rows"],
    async tx => void (await tx.objectStore("meta").clear()),
  );
  await expect(save(storage, fresh("k7", "1-a"), nothing)).rejects.toThrow(NotSaved);
  expect(await load(storage)).toBeNull();
  await storage.putMeta("sync", fresh("k7", "1-a"));
  expect(await load(storage)).toBeNull();
});

it("sends every blob that it still holds again into another life of the store", async () => {
  const { put } = createOutbox(storage, () => {});
  for (const text of ["kept", "pruned", "refused"]) {
    const blob = await prepareBlob(new TextEncoder().encode(text).buffer, "image/jpeg", "photo");
    const op = { id: text, sid: null, k: "k", v: 1, at: 1, boot: "b", mono: 1, body: {}, refs: [] };
    await put(op, [blob]);
    const entry = await storage.read(db => db.get("blobs", blob.sha256));
    const state = text === "refused" ? "lost" : "sent";
    await storage.write(["blobs", "bytes"], async tx => {
      if (entry) await tx.objectStore("blobs").put({ ...entry, state }, blob.sha256);
      if (text === "pruned") await tx.objectStore("bytes").delete(blob.sha256);
    });
  }
  await save(storage, fresh("k7", "1-a"), nothing);
  expect((await states()).sort()).toEqual(["lost", "sent", "sent"]);
  await save(storage, fresh("k7", "2-b"), { forget: "all", rows: [] });
  expect((await states()).sort()).toEqual(["lost", "sent", "waiting"]);
});
