import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { WireOp } from "../kernel/wire";
import { registerAllOps } from "../ops/all";
import { openStorage, type Storage } from "../outbox/storage";
import { prepareBlob } from "../sync";
import { found, fresh } from "../sync/disk";
import { session, start } from "../sync/engine";
import { CHAIN_START, chainHead, sha256Hex } from "./chain";
import { deliver } from "./deliver";
import { EMPTY, keepDraft, loadDraft } from "./draft";
import { bytesOf, type Evidence, type Stop } from "./record";

// A key of happy-dom's cannot be kept in the fake database; the signing itself is the real one.
const keys = crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
  "sign",
  "verify",
]);
const KIND = { name: "ECDSA", hash: "SHA-256" } as const;

vi.mock("../auth", () => ({
  thisDevice: async () => ({
    device: "k7",
    sign: async (bytes: BufferSource) => {
      const raw = await crypto.subtle.sign(KIND, (await keys).privateKey, bytes);
      return btoa(String.fromCharCode(...new Uint8Array(raw)));
    },
  }),
  resumeSitting: async () => {},
}));

class DeadSocket {
  readyState = 3;
  close(): void {}
}

let storage: Storage;

beforeAll(async () => {
  vi.stubGlobal("WebSocket", DeadSocket);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  registerAllOps();
  storage = await openStorage("deliver");
  await found(storage, fresh("k7", "e1"), { device: "k7", site: "main", name: "Van phone" });
  await start({ authenticate: async () => ({ ok: false }), lost: async () => false }, "deliver");
  session.value = { sid: "s1", person: "u1" };
});

const stop = (id: string): Stop => ({
  id,
  run: "R1",
  task: "T1",
  seq: 1,
  order: `O-${id}`,
  order_number: "2026-EC-000001",
  state: "arrived",
  outcome: null,
  reason: null,
  name: "Corner Shop",
  street: "",
  city: "Leeds",
  postcode: "",
  country: "GB",
  phone: "",
  parcels: [],
  lines: [{ no: 1, sku: "MUG", name: "Mug", qty: 3 }],
  ask: [],
  lat_e7: null,
  lon_e7: null,
  opens_at: 0,
  closes_at: 0,
  eta: null,
  papers: [],
});

const strokes = [
  [
    { x: 0, y: 0, t: 0 },
    { x: 4_000, y: 900, t: 80 },
  ],
];
const told = { outcome: "full", reason: "", delivered: {}, receiver: "Ann", strokes } as const;

interface Sealed {
  readonly record: Evidence;
  readonly hash: string;
  readonly signature: string;
}

const ops = () => storage.read(db => db.getAll("ops")) as Promise<WireOp[]>;
const sealed = async () => (await ops()).map(op => op.body as unknown as Sealed);

describe("a proof of delivery", () => {
  beforeEach(() => keepDraft("S1", { ...EMPTY, receiver: "half typed" }));

  it("chains on the one before, even when two are said at once", async () => {
    await Promise.all([deliver(stop("S1"), told, []), deliver(stop("S2"), told, [])]);
    const [first, second] = await sealed();
    expect(first?.record.prev).toBe(CHAIN_START.hash);
    expect([first?.record.seq, second?.record.seq]).toEqual([1, 2]);
    expect(second?.record.prev).toBe(first?.hash);
  });

  it("is hashed and signed over its canonical bytes", async () => {
    const { publicKey } = await keys;
    for (const { record, hash, signature } of await sealed()) {
      const raw = Uint8Array.from(atob(signature), c => c.charCodeAt(0));
      expect(hash).toBe(await sha256Hex(bytesOf(record)));
      expect(await crypto.subtle.verify(KIND, publicKey, raw, bytesOf(record))).toBe(true);
    }
  });

  it("names each signature and photo by the hash of the bytes that are kept with it", async () => {
    const photo = await prepareBlob(new Uint8Array([9, 9]).buffer, "image/jpeg", "photo");
    await deliver(stop("S3"), { ...told, outcome: "partial", delivered: { 1: 1 } }, [photo]);
    const refs = (await ops()).at(-1)?.refs ?? [];
    const record = (await sealed()).at(-1)?.record;
    expect(record?.photos).toEqual([photo.ref]);
    expect(refs).toEqual([record?.signature, photo.ref]);
    for (const ref of refs) {
      const bytes = await storage.read(db => db.get("bytes", ref.slice(7)));
      expect(`sha256:${await sha256Hex(bytes ?? new ArrayBuffer(0))}`).toBe(ref);
    }
  });

  it("carries no signature where nobody was home", async () => {
    await deliver(stop("S4"), { ...told, outcome: "failed", reason: "nobody_home" }, []);
    expect((await sealed()).at(-1)?.record.signature).toBeNull();
  });

  it("says why there is no position, and does not wait for one", async () => {
    for (const { record } of await sealed()) {
      expect(record.position).toBeNull();
      expect(["timeout", "unavailable", "denied"]).toContain(record.no_position);
    }
  });

  it("leaves no draft behind", async () => {
    await deliver(stop("S1"), told, []);
    expect((await loadDraft("S1")).draft).toEqual(EMPTY);
  });
});

describe("the head of the chain", () => {
  it("outlives the operations, which are deleted after 30 days", async () => {
    const head = await chainHead("k7");
    expect(head.hash).toBe((await sealed()).at(-1)?.hash);
    await storage.write(["ops"], tx => tx.objectStore("ops").clear());
    expect(await chainHead("k7")).toEqual(head);
  });

  it("is found in the newest operation when the app was killed before it was noted", async () => {
    const head = await chainHead("k7");
    await deliver(stop("S9"), told, []);
    await storage.putMeta("pod.head:k7", head);
    expect((await chainHead("k7")).seq).toBe(head.seq + 1);
  });

  it("begins anew for another device", async () => {
    expect(await chainHead("k8")).toEqual(CHAIN_START);
  });
});
