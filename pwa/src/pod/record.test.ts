import canonicalVectors from "@vectors/canonical.json";
import first from "@vectors/evidence.json";
import signed from "@vectors/evidence_v2.json";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Canonical, canonical } from "./canonical";
import { sha256Hex } from "./chain";
import { EMPTY } from "./draft";
import type { Clause } from "./policy";
import { bytesOf, evidence, handedOver, type Told } from "./record";
import type { Evidence, Stop } from "./shapes";
import { strokesJson } from "./strokes";

interface Vector {
  readonly rule: string;
  readonly value: Canonical;
  readonly canonical: string;
  readonly sha256: string;
}

describe("canonical JSON", () => {
  test.each(canonicalVectors as Vector[])("$rule", async vector => {
    const text = canonical(vector.value);
    expect(text).toBe(vector.canonical);
    expect(await sha256Hex(new TextEncoder().encode(text))).toBe(vector.sha256);
  });

  it("does not depend on the order in which names were written", () => {
    const value = fc.dictionary(fc.string(), fc.integer());
    fc.assert(
      fc.property(value, names => {
        const turned = Object.fromEntries(Object.entries(names).reverse());
        expect(canonical(turned)).toBe(canonical(names));
        expect(JSON.parse(canonical(names))).toEqual({ ...names });
      }),
    );
  });

  it.each([0.5, Number.NaN, 2 ** 53])("refuses %s, which other languages write otherwise", n => {
    expect(() => canonical({ n })).toThrow(RangeError);
  });

  it("refuses half of a surrogate pair", () => {
    expect(() => canonical(["\ud83d"])).toThrow(RangeError);
  });
});

const line = (no: number, sku: string, qty: number) => ({ no, sku, name: sku, qty });

const stop: Stop = {
  id: "S1",
  run: "R1",
  task: "T1",
  seq: 1,
  order: "O1",
  order_number: "2026-EC-000001",
  state: "arrived",
  outcome: null,
  reason: null,
  name: "Corner Shop",
  street: "1 Mill Lane",
  city: "Leeds",
  postcode: "LS1",
  country: "GB",
  phone: "",
  parcels: [{ number: "P-1", loaded: true }],
  lat_e7: null,
  lon_e7: null,
  opens_at: 0,
  closes_at: 0,
  eta: null,
  lines: [line(1, "MUG", 3), line(2, "TEE", 2), line(3, "LAMP", 1)],
  policy: {
    rev: "0011223344556677",
    clauses: [{ outcomes: [], reasons: [], ask: signed.record.ask } as Clause],
    checklist: ["seals", "paint"].map(code => ({ code, text: code })),
    stages: [{ code: "unloaded", text: "Unloaded" }],
    correct_ms: 0,
  },
  pin: null,
  signed: null,
  proof: null,
  closed_at: null,
  left_behind: false,
  back: [],
  papers: [],
};

const by = {
  device: "k7",
  person: "u1",
  seq: 6,
  prev: "b".repeat(64),
  signature: `sha256:${"1".repeat(64)}`,
  signedOn: "driver",
  link: "",
  shown: signed.record.shown,
  photos: [`sha256:${"2".repeat(64)}`],
  slip: [`sha256:${"3".repeat(64)}`],
  linePhotos: { 1: [`sha256:${"4".repeat(64)}`] },
  corrects: "a".repeat(64),
  desk: null,
  place: {
    position: { lat_e7: 537961000, lon_e7: -15456000, acc_cm: 900, age_ms: 1200, source: "device" },
    no_position: "",
  },
  at: 1_795_381_670_109,
  boot: "01a20516-1845-7337-b65f-8d5c6ca3be27",
  mono: 6462.4,
  serverSeen: 1_795_381_648_603,
} as const;

const told = (fields: Partial<Told>): Told => ({
  ...EMPTY,
  outcome: "full",
  receiver: "José Harbour 海",
  ...fields,
});

describe("evidence", () => {
  const partial = told({
    outcome: "partial",
    reason: "damaged",
    delivered: { 1: 2, 2: 0 },
    lineReasons: { 2: "wrong_goods", 3: "late" },
    off: ["P-1"],
    relaxed: { pin: "pin_not_issued" },
    pin: "not_issued",
    answers: {
      paint: { answer: "no", note: "scratch, left 海" },
      seals: { answer: "yes", note: "" },
      other: { answer: "yes", note: "of a list that changed meanwhile" },
    },
    stages: { unloaded: { by: "José", at: 1_795_381_660_109 } },
  });

  it("is the record that the server's tests check, to the byte", async () => {
    const record = evidence(stop, partial, by);
    expect(record).toEqual(signed.record);
    expect(new TextDecoder().decode(bytesOf(record))).toBe(signed.canonical);
    expect(await sha256Hex(bytesOf(record))).toBe(signed.hash);
  });

  it("keeps the records of version 1 to the byte", async () => {
    const bytes = bytesOf(first.record as unknown as Evidence);
    expect(new TextDecoder().decode(bytes)).toBe(first.canonical);
    expect(await sha256Hex(bytes)).toBe(first.hash);
  });

  it("is signed so that WebCrypto itself takes the vector's signature", async () => {
    const kind = { name: "ECDSA", namedCurve: "P-256" } as const;
    const key = await crypto.subtle.importKey("jwk", signed.key, kind, false, ["verify"]);
    const raw = Uint8Array.from(
      atob(signed.signature.replaceAll("-", "+").replaceAll("_", "/")),
      c => c.charCodeAt(0),
    );
    const holds = (record: Evidence) =>
      crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw, bytesOf(record));
    expect(await holds(signed.record as unknown as Evidence)).toBe(true);
    expect(
      await holds({ ...(signed.record as unknown as Evidence), receiver: "Somebody else" }),
    ).toBe(false);
  });

  it("gives a reason only to lines that were not handed over in full", () => {
    const { lines } = evidence(stop, partial, by);
    expect(lines.map(l => [l.delivered, l.outcome, l.reason])).toEqual([
      [2, "partial", "damaged"],
      [0, "refused", "wrong_goods"],
      [1, "full", ""],
    ]);
  });

  it.each(["refused", "failed"] as const)("hands over nothing when %s", outcome => {
    const all = told({ outcome, reason: "other", delivered: { 1: 3 } });
    expect(evidence(stop, all, by).lines.map(l => l.delivered)).toEqual([0, 0, 0]);
  });

  it("never hands over more than was there, nor less than nothing", () => {
    fc.assert(
      fc.property(fc.integer(), qty => {
        const kept = handedOver(
          line(1, "MUG", 3),
          told({ outcome: "partial", delivered: { 1: qty } }),
        );
        expect(kept).toBeGreaterThanOrEqual(0);
        expect(kept).toBeLessThanOrEqual(3);
      }),
    );
  });

  it("takes any name that can be typed, and the server can read it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), receiver => {
        const record = evidence(stop, told({ receiver }), by);
        expect(() => bytesOf(record)).not.toThrow();
        expect(record.receiver).not.toMatch(/\p{Cc}|\p{Surrogate}/u);
        expect([...record.receiver].length).toBeLessThanOrEqual(120);
      }),
    );
    // The table of all characters is made at its first use, which takes a busy machine long.
  }, 30_000);
});

it("writes a signature's strokes in pad units with the pad's shape", () => {
  const drawn = [
    [
      { x: 1200, y: 900, t: 0 },
      { x: 5200, y: 2100, t: 40 },
    ],
  ];
  expect(strokesJson(drawn)).toBe(
    '{"height":5000,"strokes":[[{"t":0,"x":1200,"y":900},{"t":40,"x":5200,"y":2100}]],"v":1,"width":10000}',
  );
});
