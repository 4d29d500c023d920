// @vitest-environment node
import { describe, expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import {
  begin,
  type MoveLine,
  type Outcome,
  openLines,
  type Position,
  readAmount,
  readScan,
  stepBack,
} from "./mover";

const GTIN = "04006381333931";

function line(fields: Partial<MoveLine> = {}): MoveLine {
  return {
    task: "T1",
    no: 1,
    sku: "MUG",
    name: "Mug",
    codes: [GTIN],
    packs: {},
    weight_class: "light",
    lot: "",
    expiry: "",
    from_bin: "DOCK",
    to_bin: "A01-1-1",
    qty: 3,
    moved: 0,
    state: "open",
    reason: null,
    why: "received",
    ...fields,
  };
}

function scan(of: MoveLine, at: Position, raw: string, typed = false, refused?: string): Outcome {
  const came = { scan: resolve(raw, { year: 2026 }), raw, typed, today: "2026-05-01" };
  return readScan(of, at, came, refused ?? null);
}

function walk(of: MoveLine, ...raws: string[]): Outcome {
  let at = begin(of, null);
  let last: Outcome = { kind: "again" };
  for (const raw of raws) {
    last = scan(of, at, raw);
    if (last.kind === "onward") at = last.at;
  }
  return last;
}

const why = (outcome: Outcome) => (outcome.kind === "stop" ? outcome.stop.why : outcome.kind);

describe("source", () => {
  test("its label leads on to the item, another one stops", () => {
    expect(walk(line(), "L-DOCK")).toMatchObject({ kind: "onward", at: { step: "item" } });
    expect(why(walk(line(), "L-A01-1-1"))).toBe("from");
    expect(why(walk(line(), "4006381333931"))).toBe("from_first");
  });

  test("a place just verified and goods in hand need no scan of the source", () => {
    expect(begin(line(), "DOCK").step).toBe("item");
    expect(begin(line({ from_bin: "PUTBACK" }), null).step).toBe("item");
  });
});

describe("item and quantity", () => {
  test("each scan counts one; with all of them the destination is asked", () => {
    const code = "4006381333931";
    expect(walk(line(), "L-DOCK", code)).toMatchObject({ at: { step: "quantity", qty: 1 } });
    expect(walk(line(), "L-DOCK", code, code, code)).toMatchObject({ at: { step: "to", qty: 3 } });
  });

  test("another item stops; the source once more is harmless", () => {
    expect(why(walk(line(), "L-DOCK", "5000112637922"))).toBe("item");
    expect(why(walk(line(), "L-DOCK", "L-DOCK"))).toBe("again");
  });

  test("a lot that the line names is asked for, and only that one passes", () => {
    const lotted = line({ lot: "B7" });
    expect(walk(lotted, "L-DOCK", "4006381333931")).toMatchObject({ at: { step: "lot" } });
    expect(walk(lotted, "L-DOCK", "4006381333931", "B7")).toMatchObject({ at: { qty: 1 } });
    expect(why(walk(lotted, "L-DOCK", `]d201${GTIN}10B8`))).toBe("wrong_lot");
  });

  test("the keypad takes up to what is left, and fewer leaves a rest", () => {
    const at: Position = { no: 1, before: 1, step: "quantity", qty: 1, code: "c" };
    const some = line({ moved: 1 });
    expect(readAmount(some, at, 2)).toMatchObject({ at: { step: "to", qty: 2 } });
    expect(readAmount(some, at, 3)).toEqual({ kind: "too_many" });
    expect(readAmount(some, { ...at, step: "item" }, 1)).toBeNull();
  });
});

test("a case counts its pieces, and never more than are left to bring", () => {
  const CASE = "14006381333938";
  const cased = line({ codes: [GTIN, CASE], packs: { [CASE]: 24 }, qty: 30, from_bin: "BULK-1" });
  const at = { ...begin(cased, "BULK-1") };
  const one = scan(cased, at, CASE);
  expect(one).toMatchObject({ kind: "onward", at: { step: "quantity", qty: 24 } });
  if (one.kind === "onward") expect(why(scan(cased, one.at, CASE))).toBe("pack_too_large");
});

describe("destination", () => {
  const going: Position = { no: 1, before: 0, step: "to", qty: 3, code: "c" };

  test("the proposed place confirms, by label or typed", () => {
    expect(scan(line(), going, "L-A01-1-1")).toEqual({ kind: "confirm", to: "A01-1-1" });
    expect(scan(line(), going, "a01-1-1", true)).toEqual({ kind: "confirm", to: "A01-1-1" });
  });

  test("another place asks, and confirms when it is scanned again", () => {
    expect(scan(line(), going, "L-A02-9-9")).toMatchObject({
      stop: { why: "other_place", scanned: "A02-9-9" },
    });
    const meant = scan(line(), going, "L-A02-9-9", false, "A02-9-9");
    expect(meant).toEqual({ kind: "confirm", to: "A02-9-9" });
  });

  test("a third place asks again, and so does the other one after it", () => {
    const third = scan(line(), going, "L-A03-1-1", false, "A02-9-9");
    expect(third).toMatchObject({ stop: { why: "other_place", scanned: "A03-1-1" } });
    const back = scan(line(), going, "L-A02-9-9", false, "A03-1-1");
    expect(back).toMatchObject({ stop: { why: "other_place", scanned: "A02-9-9" } });
  });

  test("where nothing is proposed any place will do, an item is none", () => {
    const free = line({ to_bin: "" });
    expect(scan(free, going, "L-A02-9-9")).toEqual({ kind: "confirm", to: "A02-9-9" });
    expect(why(scan(free, going, "4006381333931"))).toBe("not_a_place");
  });
});

test("only open lines are left to do, and a step back asks for the item again", () => {
  const lines = [line({ no: 2 }), line({ state: "moved" }), line({ no: 3 })];
  expect(openLines(lines).map(each => each.no)).toEqual([2, 3]);
  const at: Position = { no: 1, before: 0, step: "to", qty: 3, code: "c" };
  expect(stepBack(line(), at)).toMatchObject({ step: "item", qty: 0 });
  expect(stepBack(line(), { ...at, step: "item" }).step).toBe("from");
});
