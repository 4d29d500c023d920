// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { openStorage, type Storage } from "../outbox/storage";
import { type DeviceRecord, makeKeys, sign } from "./device";
import { utf8 } from "./encode";
import { type Grant, keepGrant, MAX_TRIES, openGrant } from "./grant";
import { endSitting, IDLE_MS, keepSitting, readSitting } from "./sitting";

const NOW = 1_795_000_000_000;
const GRANT: Grant = {
  sid: "s9-secret-sid",
  person: "17",
  name: "Ana Lind",
  role: "picker",
  lang: "en",
  site: "main",
  issued: NOW,
  expires: NOW + 12 * 3_600_000,
};

let count = 0;
let storage: Storage;
let device: DeviceRecord;

beforeEach(async () => {
  storage = await openStorage(`auth-${++count}`);
  device = { device: "k7", site: "main", name: "Zebra 4", ...(await makeKeys()) };
});

const open = (pin: string, badge = "B-17") => openGrant(storage, device, badge, pin);

describe("a grant kept for signing in without a network", () => {
  beforeEach(() => keepGrant(storage, device, "B-17", "493027", GRANT));

  it("opens with the right PIN", async () => {
    expect(await open("493027")).toEqual({ ok: true, grant: GRANT });
  });

  it("is erased by the fifth wrong PIN, and the right one comes too late", async () => {
    for (let left = MAX_TRIES - 1; left > 0; left--)
      expect(await open("000000")).toEqual({ ok: false, code: "bad_sign_in", left });
    expect(await open("000000")).toEqual({ ok: false, code: "erased" });
    expect(await open("493027")).toEqual({ ok: false, code: "unknown_offline" });
  }, 20_000);

  it("counts the try on the disk before it looks at the PIN", async () => {
    const key = await storage.read(async db => (await db.getAllKeys("meta"))[0] as string);
    const crypto_ = globalThis.crypto.subtle;
    const real = crypto_.deriveBits;
    let seen = -1;
    crypto_.deriveBits = async (...args: Parameters<SubtleCrypto["deriveBits"]>) => {
      seen = ((await storage.getMeta(key)) as { tries: number }).tries;
      return real.apply(crypto_, args);
    };
    await open("000000");
    crypto_.deriveBits = real;
    expect(seen).toBe(1);
  });

  it("starts counting anew after a right PIN", async () => {
    await open("000000");
    await open("493027");
    expect(await open("000000")).toMatchObject({ left: MAX_TRIES - 1 });
  }, 20_000);

  it("does not open on another device that has a copy of the disk", async () => {
    const thief = { ...device, secret: (await makeKeys()).secret };
    const [name] = await storage.read(db => db.getAllKeys("meta"));
    const box = await storage.getMeta(String(name));
    await keepGrant(storage, thief, "B-17", "111111", GRANT);
    const thiefs = (await storage.read(db => db.getAllKeys("meta"))).find(key => key !== name);
    await storage.putMeta(String(thiefs), box);
    expect(await openGrant(storage, thief, "B-17", "493027")).toMatchObject({ ok: false });
  });

  it("is kept apart for each person who shares the device", async () => {
    await keepGrant(storage, device, "B-18", "222222", { ...GRANT, person: "18" });
    expect(await open("222222", "B-18")).toMatchObject({ ok: true, grant: { person: "18" } });
    expect(await open("493027")).toMatchObject({ ok: true, grant: { person: "17" } });
  });

  it("leaves neither badge, PIN, name nor sid readable on the disk", async () => {
    await keepSitting(storage, device, { grant: GRANT, badge: "B-17", seen: NOW });
    const dump = await storage.read(async db => [
      await db.getAllKeys("meta"),
      await db.getAll("meta"),
    ]);
    const text = JSON.stringify(dump, (_, value) =>
      ArrayBuffer.isView(value) || value instanceof ArrayBuffer
        ? new TextDecoder("latin1").decode(value as ArrayBuffer)
        : value,
    );
    for (const secret of ["B-17", "493027", "Ana Lind", "s9-secret-sid"])
      expect(text).not.toContain(secret);
  });
});

describe("a sitting", () => {
  beforeEach(() => keepSitting(storage, device, { grant: GRANT, badge: "B-17", seen: NOW }));

  it("goes on after a reload", async () => {
    expect(await readSitting(storage, device, NOW + 60_000)).toMatchObject({ grant: GRANT });
  });

  it("is over after half an hour of nothing, at the grant's end, and after signing out", async () => {
    expect(await readSitting(storage, device, NOW + IDLE_MS)).toBeNull();
    await keepSitting(storage, device, { grant: GRANT, badge: "B-17", seen: GRANT.expires - 1 });
    expect(await readSitting(storage, device, GRANT.expires)).toBeNull();
    await endSitting(storage);
    expect(await readSitting(storage, device, NOW)).toBeNull();
  });
});

describe("the device's key", () => {
  it("signs as the server verifies, r‖s, and cannot be taken out", async () => {
    const bytes = utf8("dockhand-device:nonce");
    const text = await sign(device, bytes);
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const raw = Uint8Array.from(plain, char => char.charCodeAt(0));
    expect(raw).toHaveLength(64);
    const { publicKey, privateKey } = device.keys;
    const how = { name: "ECDSA", hash: "SHA-256" };
    expect(await crypto.subtle.verify(how, publicKey, raw, bytes)).toBe(true);
    for (const key of [privateKey, device.secret, device.seal]) expect(key.extractable).toBe(false);
  });
});
