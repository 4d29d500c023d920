import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prepareBlob } from "../outbox/blob";
import { openStorage, type Storage } from "../outbox/storage";
import { BlobSender } from "./blobs";

interface Upload {
  readonly size: number;
  bytes: Uint8Array;
}

/** A tus server in memory; `cuts` are after how many bytes the next requests break off. */
class Tus {
  readonly have = new Map<string, Upload>();
  readonly order: string[] = [];
  readonly cuts: number[] = [];
  badHashes = 0;
  sent = 0;

  async take(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (init.method === "POST") return this.#declare(headers);
    const sha = path.split("/")[2] ?? "";
    const known = this.have.get(sha);
    if (!known) return new Response(null, { status: 404, headers: { "x-state": "missing" } });
    if (init.method === "PATCH") return this.#append(sha, known, headers, init.body as ArrayBuffer);
    const state = known.bytes.length === known.size ? "complete" : "partial";
    return answer(200, known, { "x-state": state });
  }

  #declare(headers: Headers): Response {
    const named = /sha256 (\S+?),/.exec(headers.get("upload-metadata") ?? "")?.[1] ?? "";
    this.have.set(atob(named), {
      size: Number(headers.get("upload-length")),
      bytes: new Uint8Array(),
    });
    this.order.push(atob(named));
    return new Response(null, { status: 201 });
  }

  #append(sha: string, known: Upload, headers: Headers, body: ArrayBuffer): Response {
    if (Number(headers.get("upload-offset")) !== known.bytes.length) return answer(409, known);
    const cut = this.cuts.shift();
    known.bytes = joined(known.bytes, new Uint8Array(body.slice(0, cut)));
    this.sent += body.byteLength;
    if (cut !== undefined) throw new TypeError("cut");
    if (known.bytes.length < known.size || this.badHashes-- <= 0) return answer(204, known);
    this.have.delete(sha);
    return answer(460, known);
  }
}

function answer(status: number, known: Upload, more: Record<string, string> = {}): Response {
  const headers = { "upload-offset": String(known.bytes.length), ...more };
  return new Response(null, { status, headers });
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

let count = 0;
let storage: Storage;
let tus: Tus;
let mayRun = true;

beforeEach(async () => {
  storage = await openStorage(`blobs-${++count}`);
  tus = new Tus();
  mayRun = true;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => tus.take(path, init));
});

afterEach(() => vi.unstubAllGlobals());

async function keep(size: number, use: "photo" | "signature", n: number): Promise<string> {
  const bytes = new Uint8Array(size).map((_, i) => (i * 31 + n) % 251).buffer;
  const { sha256, mime } = await prepareBlob(bytes, "image/jpeg", use);
  await storage.write(["blobs", "bytes"], async tx => {
    const entry = { sha256, mime, use, size, n, at: 1, state: "waiting" } as const;
    await tx.objectStore("blobs").put(entry, sha256);
    await tx.objectStore("bytes").put(bytes, sha256);
  });
  return sha256;
}

const state = async (sha: string) => (await storage.read(db => db.get("blobs", sha)))?.state;
const sender = () => new BlobSender(storage, () => mayRun);

async function untilSent(blobs: BlobSender, sha: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await blobs.wake();
      expect(await state(sha)).toBe("sent");
    },
    { timeout: 10_000, interval: 5 },
  );
}

describe("blobs", () => {
  it("arrive whole, in pieces", async () => {
    const sha = await keep(400_000, "photo", 1);
    await sender().wake();
    expect(await state(sha)).toBe("sent");
    const bytes = await storage.read(db => db.get("bytes", sha));
    expect(tus.have.get(sha)?.bytes).toEqual(new Uint8Array(bytes as ArrayBuffer));
  });

  it("go on after a cut from where the server stands", async () => {
    const sha = await keep(600_000, "photo", 1);
    tus.cuts.push(50_000, 10_000);
    await untilSent(sender(), sha);
    expect(tus.have.get(sha)?.bytes).toHaveLength(600_000);
    expect(tus.order).toEqual([sha]);
  });

  it("cost little more than their size through six cuts", async () => {
    const size = 3_000_000;
    const sha = await keep(size, "photo", 1);
    tus.cuts.push(60_000, 60_000, 30_000, 12_000, 8_000, 8_000);
    await untilSent(sender(), sha);
    expect(tus.sent).toBeLessThanOrEqual(size * 1.15);
  });

  it("go in the order signatures, photos, each by their operations", async () => {
    const photo = await keep(10, "photo", 1);
    const late = await keep(11, "photo", 5);
    const signature = await keep(12, "signature", 9);
    await sender().wake();
    expect(tus.order).toEqual([signature, photo, late]);
  });

  it("wait while operations are under way, in mid-blob too", async () => {
    const sha = await keep(400_000, "photo", 1);
    let pieces = 0;
    const blobs = new BlobSender(storage, () => ++pieces < 3);
    await blobs.wake();
    expect(await state(sha)).toBe("waiting");
    expect(tus.have.get(sha)?.bytes.length).toBeLessThan(400_000);
    await untilSent(sender(), sha);
  });

  it("begin again when the bytes arrived wrong, and give up in the end so that others get through", async () => {
    const sha = await keep(10, "photo", 1);
    const next = await keep(11, "photo", 2);
    tus.badHashes = 3;
    const blobs = sender();
    await untilSent(blobs, next);
    expect(await state(sha)).toBe("lost");
  });
});
