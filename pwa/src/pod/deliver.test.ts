import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { WireOp } from "../kernel/wire";
import { registerAllOps } from "../ops/all";
import { openStorage, type Storage } from "../outbox/storage";
import { prepareBlob } from "../sync";
import { found, fresh } from "../sync/disk";
import { session, start } from "../sync/engine";
import { CHAIN_START, chainHead, sha256Hex } from "./chain";
import { closed, loadClosed } from "./closed";
import { deliver, type Sealing } from "./deliver";
import { EMPTY, keepDraft, loadDraft } from "./draft";
import { bytesOf } from "./record";
import type { Evidence, Stop } from "./shapes";

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
  lat_e7: null,
  lon_e7: null,
  opens_at: 0,
  closes_at: 0,
  eta: null,
  policy: {
    rev: "r1",
    clauses: [
      { outcomes: [], reasons: [], ask: { signature: "mandatory" } },
      { outcomes: ["failed"], reasons: [], ask: { signature: "off" } },
    ],
    checklist: [],
    stages: [],
    correct_ms: 0,
  },
  pin: null,
  signed: null,
  proof: null,
  closed_at: null,
  left_behind: false,
  back: [],
  papers: [],
});

const strokes = [
  [
    { x: 0, y: 0, t: 0 },
    { x: 4_000, y: 900, t: 80 },
  ],
];
const told = { ...EMPTY, outcome: "full", receiver: "Ann", strokes } as const;
const SHOWN = "I have received 3 × Mug.";

const sealing = (id: string, fields: Partial<Sealing> = {}): Sealing => ({
  stop: stop(id),
  entered: told,
  photos: [],
  shown: SHOWN,
  ...fields,
});

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
    await Promise.all([deliver(sealing("S1")), deliver(sealing("S2"))]);
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
    const part = { ...told, outcome: "partial", delivered: { 1: 1 } } as const;
    await deliver(sealing("S3", { entered: part, photos: [{ ...photo, of: "" }] }));
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
    const failed = { ...told, outcome: "failed", reason: "nobody_home" } as const;
    await deliver(sealing("S4", { entered: failed }));
    expect((await sealed()).at(-1)?.record.signature).toBeNull();
  });

  it("says why there is no position, and does not wait for one", async () => {
    for (const { record } of await sealed()) {
      expect(record.position).toBeNull();
      expect(["timeout", "unavailable", "denied"]).toContain(record.no_position);
    }
  });

  it("says what the receiver signed below, by its hash", async () => {
    await deliver(sealing("S5"));
    const op = (await ops()).at(-1);
    expect(op?.body.shown).toBe(SHOWN);
    const record = (await sealed()).at(-1)?.record;
    expect(record?.shown).toBe(await sha256Hex(new TextEncoder().encode(SHOWN)));
    expect(record?.signed_on).toBe("driver");
  });

  it("names a signature from the receiver's own phone, whose bytes are not here", async () => {
    const signature = `sha256:${"9".repeat(64)}`;
    const signed = { link: "L1", receiver: "Ann", signature, pin: "ok", shown: "On mine", at: 1 };
    await deliver(sealing("S6", { stop: { ...stop("S6"), signed } }));
    const op = (await ops()).at(-1);
    expect([op?.refs, op?.body.shown]).toEqual([[], "On mine"]);
    const record = (await sealed()).at(-1)?.record;
    expect(record).toMatchObject({ signature, signed_on: "receiver", link: "L1" });
  });

  it("tells photos of a line and of the slip from those of the goods", async () => {
    const kept = await Promise.all(
      ["", "slip", "1"].map(async (of, index) => {
        const bytes = new Uint8Array([index, 7]).buffer;
        return { ...(await prepareBlob(bytes, "image/jpeg", "photo")), of };
      }),
    );
    await deliver(sealing("S7", { photos: kept }));
    const record = (await sealed()).at(-1)?.record;
    expect(record?.photos).toEqual([kept[0]?.ref]);
    expect(record?.slip).toEqual([kept[1]?.ref]);
    expect(record?.lines[0]?.photos).toEqual([kept[2]?.ref]);
  });

  it("names the record that it corrects", async () => {
    const before = (await sealed()).at(-1)?.hash ?? "";
    await deliver(sealing("S7", { corrects: before }));
    expect((await sealed()).at(-1)?.record.corrects).toBe(before);
  });

  it("chains on what was entered at a desk as well", async () => {
    const slip = { type: "paper_slip", actual_at: 1 } as const;
    await deliver(sealing("S8", { desk: slip }));
    const op = (await ops()).at(-1);
    expect(op?.k).toBe("pod.enter_proof");
    expect((await sealed()).at(-1)?.record).toMatchObject({
      desk: slip,
      signature: null,
      no_position: "desk",
    });
    expect((await chainHead("k7")).hash).toBe((await sealed()).at(-1)?.hash);
  });

  it("closes the stop and drops its draft in the one transaction that records it", async () => {
    let writes = 0;
    const real = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === "readwrite") writes += 1;
      return real.call(this, stores, mode, options);
    };
    await deliver(sealing("S1"));
    IDBDatabase.prototype.transaction = real;
    expect(writes).toBe(1);
    expect((await loadDraft("S1")).draft).toEqual(EMPTY);
    await loadClosed();
    expect(closed.value.at(-1)).toMatchObject({ stop: "S1", hash: (await sealed()).at(-1)?.hash });
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
    await deliver(sealing("S9"));
    await storage.putMeta("pod.head:k7", head);
    expect((await chainHead("k7")).seq).toBe(head.seq + 1);
  });

  it("begins anew for another device", async () => {
    expect(await chainHead("k8")).toEqual(CHAIN_START);
  });
});
