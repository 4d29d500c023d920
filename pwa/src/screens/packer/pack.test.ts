// @vitest-environment node
import { describe, expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import { addressLines, shipTo } from "./label";
import {
  isAllIn,
  isMismatch,
  type Outcome,
  type PackLine,
  pieces,
  readPiece,
  stillExpected,
} from "./pack";

const HERE = "P-00000001";
const MUG = "04006381333931";
const TEE = "09506000134352";

function line(fields: Partial<PackLine> = {}): PackLine {
  return {
    task: "T1",
    no: 1,
    order: "o",
    sku: "MUG",
    name: "Mug",
    codes: [MUG],
    packs: {},
    weight_class: "light",
    weight_g: 300,
    qty: 2,
    inside: fields.packed ? [{ parcel: HERE, qty: fields.packed }] : [],
    packed: 0,
    flawed: 0,
    looked: false,
    length_mm: 0,
    width_mm: 0,
    height_mm: 0,
    upright: false,
    liquid: false,
    apart: "",
    temperature: "",
    dangerous: false,
    ...fields,
  };
}

const tee = line({ no: 2, sku: "TEE", name: "Tee", codes: [TEE], qty: 1 });

function scan(lines: readonly PackLine[], raw: string, blind = false): Outcome {
  return readPiece(lines, resolve(raw, { year: 2026 }), "2026-05-01", { parcel: HERE, blind });
}

function why(outcome: Outcome): string {
  return outcome.kind === "stop" ? outcome.stop.why : outcome.kind;
}

describe("a piece", () => {
  test("counts to its line as the total in the parcel", () => {
    expect(scan([line({ packed: 1 }), tee], "4006381333931")).toMatchObject({
      kind: "check",
      line: { no: 1 },
      packed: 2,
    });
    expect(scan([line(), tee], "TEE")).toMatchObject({ kind: "check", line: { no: 2 }, packed: 1 });
  });

  test("of an item on two lines goes to the one that lacks it", () => {
    const lines = [line({ packed: 2 }), line({ no: 3, qty: 1 })];
    expect(scan(lines, "MUG")).toMatchObject({ kind: "check", line: { no: 3 }, packed: 1 });
  });

  test("that the order does not have, or has enough of, is a mismatch to report", () => {
    const full = [line({ packed: 2 }), tee];
    for (const [raw, reason] of [
      ["5000112637922", "not_asked"],
      ["4006381333931", "too_many"],
      [`]d201${TEE}17260101`, "expired"],
    ] as const) {
      const outcome = scan(full, raw);
      expect(why(outcome)).toBe(reason);
      expect(outcome.kind === "stop" && isMismatch(outcome.stop)).toBe(true);
    }
  });

  test("a place, a badge, a label or an unread code is no piece and reports nothing", () => {
    for (const raw of ["L-A01-1-1", "B-77", "P-00000001", "4006381333932"]) {
      const outcome = scan([line(), tee], raw);
      expect(["not_an_item", "not_readable"]).toContain(why(outcome));
      expect(outcome.kind === "stop" && isMismatch(outcome.stop)).toBe(false);
    }
  });

  test("that may not travel with what is in the carton stops, and is no mismatch", () => {
    const lines = [line({ packed: 1, apart: "food" }), { ...tee, apart: "ink" }];
    const outcome = scan(lines, "TEE");
    expect(why(outcome)).toBe("apart");
    expect(outcome.kind === "stop" && isMismatch(outcome.stop)).toBe(false);
    expect(scan(lines, "MUG")).toMatchObject({ kind: "check", packed: 2 });
  });

  test("too many are counted where the packer does not know how many", () => {
    const lines = [line({ packed: 2 }), tee];
    expect(why(scan(lines, "MUG"))).toBe("too_many");
    expect(scan(lines, "MUG", true)).toMatchObject({ kind: "check", packed: 3 });
    expect(why(scan(lines, "5000112637922", true))).toBe("not_asked");
  });

  test("counts in the carton in front of the packer, whatever is in the others", () => {
    const inside = [{ parcel: "P-00000001-2", qty: 1 }];
    expect(scan([line({ packed: 1, inside })], "MUG")).toMatchObject({ kind: "check", packed: 1 });
  });

  test("of an outer pack stands for all in it, where so many lack", () => {
    const packs = { CASE: 2 };
    const codes = [MUG, "CASE"];
    expect(scan([line({ codes, packs })], "CASE")).toMatchObject({ kind: "check", packed: 2 });
    expect(why(scan([line({ codes, packs, packed: 1 })], "CASE"))).toBe("too_many");
  });

  test("that is flawed is not asked for again", () => {
    expect(why(scan([line({ packed: 1, flawed: 1 })], "MUG"))).toBe("too_many");
  });

  test("with a lost separator asks and never counts", () => {
    expect(why(scan([line()], `01${MUG}10ABC12321XYZ`))).toBe("doubtful");
  });
});

test("the parcel is full when every line is, and an empty one never", () => {
  expect(isAllIn([])).toBe(false);
  expect(isAllIn([line({ packed: 2 }), tee])).toBe(false);
  expect(isAllIn([line({ packed: 2 }), { ...tee, packed: 1 }])).toBe(true);
  expect(pieces([line({ packed: 1 }), tee])).toEqual({ packed: 1, qty: 3 });
});

test("what is still expected is named with its number, and no more of it than asked", () => {
  expect(stillExpected([line({ packed: 1 }), tee])).toBe("1 × Mug, 1 × Tee");
  expect(stillExpected([line({ packed: 2 }), tee, line({ no: 3 })], 1)).toBe("1 × Tee, …");
});

test("an address is read from its JSON, and shown as it is where it is none", () => {
  const to = shipTo('{"name":"Ann","street":"1 Mill Lane","city":"Leeds","postcode":"LS1"}');
  expect(addressLines(to)).toEqual(["1 Mill Lane", "LS1 Leeds"]);
  expect(addressLines(shipTo("1 Mill Lane"))).toEqual(["1 Mill Lane"]);
});
