// @vitest-environment node
import { expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import { type CountLine, openLines, readWhat, readWhere } from "./counter";

const MUG = "04006381333931";
const LAMP = "05000112637922";

function line(fields: Partial<CountLine> = {}): CountLine {
  return {
    task: "T1",
    no: 1,
    bin: "A01-1-1",
    sku: "MUG",
    name: "Mug",
    codes: [MUG],
    lot: "",
    state: "open",
    counted: null,
    why: "plan",
    ...fields,
  };
}

const lines = [line(), line({ no: 2, sku: "LAMP", name: "Lamp", codes: [LAMP] })];

function came(raw: string, typed = false) {
  return { scan: resolve(raw, { year: 2026 }), raw, typed, today: "2026-05-01" };
}

test("the bin's label comes first, by scan or typed", () => {
  expect(readWhere("A01-1-1", came("L-A01-1-1")).kind).toBe("there");
  expect(readWhere("A01-1-1", came("a01-1-1", true)).kind).toBe("there");
  expect(readWhere("A01-1-1", came("L-A02-1-1"))).toMatchObject({ why: "location" });
  expect(readWhere("A01-1-1", came("4006381333931"))).toMatchObject({ why: "location_first" });
});

test("items are counted in any order", () => {
  expect(readWhat(lines, "A01-1-1", came("5000112637922"))).toMatchObject({
    kind: "count",
    what: { no: 2, sku: "LAMP" },
  });
});

test("the bin's label once more is harmless, another one stops", () => {
  expect(readWhat(lines, "A01-1-1", came("L-A01-1-1")).kind).toBe("there");
  expect(readWhat(lines, "A01-1-1", came("L-A09-1-1"))).toMatchObject({ why: "location" });
});

test("an item that is counted already stops; its lots are counted apart", () => {
  const done = [line({ state: "counted", counted: 4 })];
  expect(readWhat(done, "A01-1-1", came("4006381333931"))).toMatchObject({ why: "counted" });
  const lots = [line({ lot: "B7" }), line({ no: 2, lot: "B8" })];
  const one = readWhat(lots, "A01-1-1", came(`]d201${MUG}10B8`));
  expect(one).toMatchObject({ kind: "count", what: { no: 2, lot: "B8" } });
});

test("what is not listed is offered as found besides, with the next number", () => {
  expect(readWhat(lines, "A01-1-1", came("9506000134352"))).toMatchObject({
    why: "not_listed",
    besides: { no: 3, sku: "", code: "9506000134352" },
  });
  const lot = readWhat([line({ lot: "B7" })], "A01-1-1", came(`]d201${MUG}10B9`));
  expect(lot).toMatchObject({ why: "not_listed", besides: { no: 2, sku: "MUG", lot: "B9" } });
});

test("a code that cannot be read counts nothing", () => {
  expect(readWhat(lines, "A01-1-1", came("4006381333932"))).toMatchObject({ why: "not_readable" });
});

test("only open lines are left to count", () => {
  expect(openLines([line({ state: "recount" }), line({ no: 2 })]).map(l => l.no)).toEqual([2]);
});
