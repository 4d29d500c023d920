// @vitest-environment node
import { expect, test } from "vitest";
import { checkDigits } from "../../scan/check-digits";
import { resolve } from "../../scan/resolve";
import { begin, type Line, readScan } from "../picker/walk";
import { type CountLine, readWhat, readWhere } from "../stock/counter";
import * as mover from "../stock/mover";
import { isPlace, typedPlace } from "./place-scan";

const BIN = "A03-12-2";
const DIGITS = checkDigits(BIN);
const OTHER = checkDigits("A03-12-3");
const GTIN = "04006381333931";

function came(raw: string, typed = true) {
  return { scan: resolve(raw, { year: 2026 }), raw, typed, today: "2026-05-01" };
}

test("a place is proved by its label, its code, or the check digits on it", () => {
  expect(isPlace(BIN, came(`L-${BIN}`, false))).toBe(true);
  expect(isPlace(BIN, came("a03-12-2"))).toBe(true);
  expect(isPlace(BIN, came(` ${DIGITS} `))).toBe(true);
  for (const wrong of [OTHER, "A03-12-3", `${DIGITS}0`, "4"])
    expect(isPlace(BIN, came(wrong))).toBe(false);
});

test("a place is proved by GS1's label of it, a GLN with its extension", () => {
  const label = (extension: string) => `]C14144006381000017254${extension}`;
  expect(isPlace(BIN, came(label(BIN), false))).toBe(true);
  expect(isPlace(BIN, came(label("A03-12-3"), false))).toBe(false);
  expect(isPlace(BIN, came("]C14144006381000017", false))).toBe(false);
});

test("a scanner cannot send check digits: what it sends is a code", () => {
  expect(isPlace(BIN, came(DIGITS, false))).toBe(false);
  expect(isPlace(BIN, came(BIN, false))).toBe(false);
});

test("check digits alone name no place", () => {
  expect(typedPlace(came("47"))).toBeUndefined();
  expect(typedPlace(came("A47"))).toBe("A47");
});

test("a picker goes on with the check digits, and stops at those of another bin", () => {
  const line = { no: 1, bin: BIN, sku: "MUG", codes: [GTIN], qty: 1, tracks: [], lot: "" };
  const asked = line as unknown as Line;
  const at = begin(asked, null);
  expect(readScan(asked, at, came(DIGITS))).toMatchObject({ kind: "onward", at: { step: "what" } });
  expect(readScan(asked, at, came(OTHER))).toMatchObject({
    kind: "stop",
    stop: { why: "location", scanned: OTHER },
  });
  const there = begin(asked, BIN);
  expect(readScan(asked, there, came(DIGITS))).toEqual({ kind: "again" });
});

test("an item whose number looks like check digits is still the item", () => {
  const line = { no: 1, bin: BIN, sku: DIGITS, codes: [], qty: 1, tracks: [], lot: "" };
  const asked = line as unknown as Line;
  expect(readScan(asked, begin(asked, BIN), came(DIGITS))).toMatchObject({ kind: "confirm" });
});

const move = { no: 1, from_bin: BIN, to_bin: "B01-01-1", sku: "MUG", codes: [GTIN], qty: 1 };
const moving = { ...move, moved: 0, lot: "" } as unknown as mover.MoveLine;

test("goods are fetched and brought by check digits", () => {
  const from = mover.begin(moving, null);
  const item = mover.readScan(moving, from, came(DIGITS));
  expect(item).toMatchObject({ kind: "onward", at: { step: "item" } });
  const to = { ...from, step: "to" as const, qty: 1 };
  const there = mover.readScan(moving, to, came(checkDigits("B01-01-1")));
  expect(there).toEqual({ kind: "confirm", to: "B01-01-1" });
});

test("goods are never brought to a place called like wrong check digits", () => {
  const to = { ...mover.begin(moving, null), step: "to" as const, qty: 1 };
  const stop = { kind: "stop", stop: { why: "not_a_place", scanned: OTHER } };
  expect(mover.readScan(moving, to, came(OTHER))).toMatchObject(stop);
  const anywhere = { ...moving, to_bin: "" };
  expect(mover.readScan(anywhere, to, came(OTHER))).toMatchObject(stop);
});

test("a counter is at the bin by its check digits", () => {
  expect(readWhere(BIN, came(DIGITS)).kind).toBe("there");
  expect(readWhere(BIN, came(OTHER)).kind).toBe("stop");
  const none: CountLine[] = [];
  expect(readWhat(none, BIN, came(DIGITS)).kind).toBe("there");
});
