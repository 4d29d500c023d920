import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { WireOp } from "../kernel/wire";
import { prepareBlob } from "./blob";
import { createOutbox, type Draft } from "./outbox";
import { NotSaved, openStorage, type Storage } from "./storage";

let count = 0;
let name = "";
let storage: Storage;
let saved: WireOp[];

const draft = (k = "picking.confirm_pick"): Draft => ({
  id: crypto.randomUUID(),
  sid: "s1",
  k,
  v: 1,
  at: 1_795_000_000_000,
  boot: "b",
  mono: 1,
  body: { line: 1 },
  refs: [],
});

beforeEach(async () => {
  name = `outbox-${++count}`;
  storage = await openStorage(name);
  await storage.putMeta("next_n", 1);
  saved = [];
});

const outbox = () => createOutbox(storage, ops => saved.push(...ops));
const onDisk = () => storage.read(db => db.getAll("ops"));

describe("outbox", () => {
  it("numbers operations from 1 without gaps, in the order they were put", async () => {
    const { put } = outbox();
    const ops = await Promise.all(Array.from({ length: 25 }, (_, i) => put(draft(`op.${i}`))));
    expect(ops.map(op => op.n)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect((await onDisk()).map(op => op.k)).toEqual(ops.map(op => op.k));
  });

  it("resolves only after the operation is on the disk", async () => {
    const op = await outbox().put(draft());
    const other = await openStorage(name);
    expect(await other.read(db => db.get("ops", op.n))).toEqual(op);
  });

  it("writes every transaction with strict durability", async () => {
    const modes: (string | undefined)[] = [];
    const real = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === "readwrite") modes.push(options?.durability);
      return real.call(this, stores, mode, options);
    };
    await outbox().put(draft());
    IDBDatabase.prototype.transaction = real;
    expect(modes).toEqual(["strict"]);
  });

  it("changes its notes in the operation's own transaction, or not at all", async () => {
    await storage.putMeta("draft:S1", "half typed");
    const { put } = outbox();
    const unwritable = () => ({ "draft:S1": undefined, closed: () => "no clone" });
    await expect(put(draft(), [], unwritable)).rejects.toBeInstanceOf(NotSaved);
    expect([await storage.getMeta("draft:S1"), await onDisk()]).toEqual(["half typed", []]);
    await put(draft(), [], ({ n }) => ({ "draft:S1": undefined, closed: n }));
    expect(await storage.getMeta("draft:S1")).toBeUndefined();
    expect(await storage.getMeta("closed")).toBe(1);
  });

  it("goes on with the next number after a restart", async () => {
    await outbox().put(draft());
    storage.close();
    storage = await openStorage(name);
    expect((await outbox().put(draft())).n).toBe(2);
  });

  it("asks the disk again when the next number is not the one it left there", async () => {
    const { put } = outbox();
    await put(draft("op.1"));
    await storage.putMeta("next_n", 7);
    expect((await put(draft("op.7"))).n).toBe(7);
    expect((await put(draft("op.8"))).n).toBe(8);
    expect((await onDisk()).map(op => op.n)).toEqual([1, 7, 8]);
  });

  it("puts scans that arrive meanwhile into one next transaction", async () => {
    let transactions = 0;
    const counting: Storage = {
      ...storage,
      write: (stores, work) => {
        transactions++;
        return storage.write(stores, work);
      },
    };
    const { put } = createOutbox(counting, () => {});
    await Promise.all(Array.from({ length: 40 }, () => put(draft())));
    expect(transactions).toBe(2);
  });

  it("keeps the blob in the same transaction as the operation that names it", async () => {
    const blob = await prepareBlob(new Uint8Array([1, 2, 3]).buffer, "image/jpeg", "photo");
    const op = await outbox().put({ ...draft(), refs: [blob.ref] }, [blob]);
    const kept = await storage.read(db => db.get("blobs", blob.sha256));
    expect(kept).toMatchObject({ n: op.n, state: "waiting", size: 3 });
    expect(await storage.read(db => db.getAllKeys("bytes"))).toHaveLength(1);
  });

  it("refuses an operation that no frame could carry, and uses up no number", async () => {
    const { put } = outbox();
    const huge = { ...draft(), body: { note: "x".repeat(300_000) } };
    await expect(put(huge)).rejects.toMatchObject({ reason: "too_large" });
    expect((await put(draft())).n).toBe(1);
  });
});

/** A disk whose next `times` writes fail like `error`; the transaction is rolled back for real. */
function failing(times: number, error: DOMException): void {
  const real = IDBObjectStore.prototype.add;
  let left = times;
  IDBObjectStore.prototype.add = function (value, key) {
    if (left-- <= 0) {
      IDBObjectStore.prototype.add = real;
      return real.call(this, value, key);
    }
    throw error;
  };
}

describe("outbox on a failing disk", () => {
  it("opens the database anew and tries once more after an abort", async () => {
    failing(1, new DOMException("gone", "AbortError"));
    expect((await outbox().put(draft())).n).toBe(1);
    expect(await onDisk()).toHaveLength(1);
  });

  it("says NotSaved after the second failure, folds nothing and gives the number to the next", async () => {
    const { put } = outbox();
    failing(2, new DOMException("io", "UnknownError"));
    await expect(put(draft())).rejects.toBeInstanceOf(NotSaved);
    expect(saved).toEqual([]);
    expect((await put(draft())).n).toBe(1);
  });

  it("opens a connection that the browser has closed", async () => {
    await outbox().put(draft());
    storage.close();
    expect((await outbox().put(draft())).n).toBe(2);
  });

  it("gives up its reserve so that a scan is saved on a full disk", async () => {
    await storage.write(["bytes"], tx =>
      tx.objectStore("bytes").put(new ArrayBuffer(9), "reserve"),
    );
    failing(2, new DOMException("full", "QuotaExceededError"));
    expect((await outbox().put(draft())).n).toBe(1);
    expect(await storage.read(db => db.getKey("bytes", "reserve"))).toBeUndefined();
  });

  it("refuses the photo, not the scan beside it, when room runs out", async () => {
    const { put } = outbox();
    const blob = await prepareBlob(new ArrayBuffer(8), "image/jpeg", "photo");
    const real = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (value instanceof ArrayBuffer) throw new DOMException("full", "QuotaExceededError");
      return real.call(this, value, key);
    };
    const results = await Promise.allSettled([
      put(draft("a.a")),
      put(draft("b.b"), [blob]),
      put(draft("c.c")),
    ]);
    IDBObjectStore.prototype.put = real;
    expect(results.map(r => r.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await onDisk()).map(op => op.k)).toEqual(["a.a", "c.c"]);
  });

  it("never begins at 1 again when the storage was cleared under it", async () => {
    await storage.write(["meta"], tx => tx.objectStore("meta").clear());
    await expect(outbox().put(draft())).rejects.toMatchObject({ reason: "cleared" });
  });
});
