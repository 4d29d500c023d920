// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { LotChange } from "../../scan/booking";
import { resolve } from "../../scan/resolve";
import { inPacks } from "../floor/item-scan";
import {
  acceptLot,
  aheadFrom,
  begin,
  type Came,
  type Line,
  type Outcome,
  type Position,
  readAmount,
  readScan,
  remaining,
  stepBack,
} from "./walk";

const GTIN = "04006381333931";

function line(fields: Partial<Line> = {}): Line {
  return {
    task: "T1",
    no: 1,
    slot: 0,
    order: "o",
    order_number: "2026-EC-1",
    sku: "MUG",
    name: "Mug",
    codes: [GTIN],
    packs: {},
    weight_class: "light",
    lot: "",
    expiry: "",
    held: "",
    tracks: [],
    bin: "A01-1-1",
    aisle: 0,
    block: 0,
    offset_dm: 30,
    side: "L",
    level: 1,
    qty: 3,
    picked: 0,
    state: "open",
    reason: null,
    seq: fields.no ?? 1,
    instead_of: null,
    waits: false,
    stopped: false,
    cures: { bins: [], substitutes: [], bulk: 0, empties: false },
    sorted: false,
    ...fields,
  };
}

function scan(of: Line, at: Position, raw: string, typed = false): Outcome {
  return readScan(of, at, { scan: resolve(raw, { year: 2026 }), raw, typed, today: "2026-05-01" });
}

/** The walk of one line by these scans; the last outcome. */
function walk(of: Line, ...raws: string[]): Outcome {
  let at = begin(of, null);
  let last: Outcome = { kind: "again" };
  for (const raw of raws) {
    last = scan(of, at, raw);
    if (last.kind === "onward") at = last.at;
  }
  return last;
}

function why(outcome: Outcome): string {
  return outcome.kind === "stop" ? outcome.stop.why : outcome.kind;
}

describe("location", () => {
  test("the location's label leads on to the item", () => {
    expect(walk(line(), "L-A01-1-1")).toMatchObject({ kind: "onward", at: { step: "what" } });
  });

  test("another location, a plain text and an unread code stop the walk", () => {
    for (const raw of ["L-A01-2-1", "A01-1-1", "4006381333932"])
      expect(why(walk(line(), raw))).toBe("location");
  });

  test("the right item before its location books nothing and asks for the location", () => {
    expect(why(walk(line(), "4006381333931"))).toBe("location_first");
  });

  test("an unreadable label is typed as it stands there", () => {
    const at = begin(line(), null);
    expect(scan(line(), at, " a01-1-1", true)).toMatchObject({ kind: "onward" });
    expect(why(scan(line(), at, "A01-1-2", true))).toBe("location");
  });

  test("the location once more is harmless and never counts as the item", () => {
    expect(why(walk(line({ qty: 1 }), "L-A01-1-1", "L-A01-1-1"))).toBe("again");
    expect(why(walk(line(), "L-A01-1-1", "4006381333931", "L-A01-1-1"))).toBe("again");
  });

  test("the next line of the same location starts with its item", () => {
    expect(begin(line(), "A01-1-1").step).toBe("what");
    expect(begin(line(), "A01-2-1").step).toBe("where");
  });
});

describe("item and quantity", () => {
  test("one piece is confirmed by the scan of the item, with its code as scanned", () => {
    const done = walk(line({ qty: 1 }), "L-A01-1-1", "4006381333931");
    expect(done).toEqual({ kind: "confirm", qty: 1, code: "4006381333931" });
  });

  test("each further scan counts one, and the last one confirms all", () => {
    const code = "4006381333931";
    const before = walk(line(), "L-A01-1-1", code, code);
    expect(before).toMatchObject({ kind: "onward", at: { step: "quantity", counted: 2 } });
    expect(walk(line(), "L-A01-1-1", code, code, code)).toEqual({ kind: "confirm", qty: 3, code });
  });

  test("the SKU, a GS1 code and a Digital Link name the item too", () => {
    const link = `https://id.example.com/01/${GTIN}`;
    for (const raw of ["MUG", `]d201${GTIN}`, link])
      expect(walk(line({ qty: 1 }), "L-A01-1-1", raw)).toMatchObject({ kind: "confirm" });
  });

  test("another GTIN, plain or in GS1, stops while counting too", () => {
    for (const raw of ["5000112637922", "]d20105000112637922", "P-00000001"]) {
      expect(why(walk(line(), "L-A01-1-1", raw))).toBe("item");
      expect(why(walk(line(), "L-A01-1-1", "4006381333931", raw))).toBe("item");
    }
  });

  test("a wrong check digit is told as a code that cannot be read", () => {
    expect(why(walk(line(), "L-A01-1-1", "4006381333932"))).toBe("not_readable");
  });

  test("expired goods are refused; on the day itself they are good", () => {
    expect(why(walk(line(), "L-A01-1-1", `]d201${GTIN}17260430`))).toBe("expired");
    expect(why(walk(line(), "L-A01-1-1", `]d201${GTIN}17260501`))).toBe("onward");
  });

  test("a lost separator asks and never counts", () => {
    const asked = walk(line({ qty: 1 }), "L-A01-1-1", `01${GTIN}10ABC12321XYZ`);
    expect(asked).toMatchObject({
      kind: "stop",
      stop: { why: "doubtful", scanned: "ABC12321XYZ" },
    });
  });
});

describe("lot", () => {
  const lotted = line({ lot: "B7", qty: 2 });

  test("the asked lot passes, another one stops", () => {
    expect(walk(lotted, "L-A01-1-1", `]d201${GTIN}10B7`)).toMatchObject({
      kind: "onward",
      at: { step: "quantity" },
    });
    expect(why(walk(lotted, "L-A01-1-1", `]d201${GTIN}10B8`))).toBe("wrong_lot");
  });

  test("an item code without a lot asks for the lot before anything counts", () => {
    const asked = walk(lotted, "L-A01-1-1", "4006381333931");
    expect(asked).toMatchObject({ kind: "onward", at: { step: "lot", counted: 0 } });
    expect(why(walk(lotted, "L-A01-1-1", "4006381333931", "B8"))).toBe("wrong_lot");
    expect(walk(lotted, "L-A01-1-1", "4006381333931", "B7")).toMatchObject({
      kind: "onward",
      at: { step: "quantity", counted: 1 },
    });
  });

  test("once its lot is read, further pieces count by their item code", () => {
    const done = walk(lotted, "L-A01-1-1", "4006381333931", "B7", "4006381333931");
    expect(done).toEqual({ kind: "confirm", qty: 2, code: "4006381333931" });
    expect(why(walk(lotted, "L-A01-1-1", "4006381333931", "B7", `]d201${GTIN}10B8`))).toBe(
      "wrong_lot",
    );
  });
});

describe("a lot on hold", () => {
  const held = line({ lot: "B7", held: "Recall 7", qty: 2 });

  test("stops at its label, alone or with the item, and counts nothing", () => {
    expect(why(walk(held, "L-A01-1-1", `]d201${GTIN}10B7`))).toBe("lot_held");
    expect(why(walk(held, "L-A01-1-1", "4006381333931", "B7"))).toBe("lot_held");
  });

  test("leaves another lot where the site lets it stand in", () => {
    const other = `]d201${GTIN}10B8`;
    const at = begin(held, "A01-1-1");
    const came = { scan: resolve(other, { year: 2026 }), raw: other, typed: false } as const;
    const any = { ...came, today: "2026-05-01", lotChange: "any" as const };
    const asked = readScan(held, at, any);
    if (asked.kind !== "stop") throw new Error("it should have been offered");
    expect(acceptLot(held, at, asked.stop, any)).toMatchObject({ at: { counted: 1, lot: "B8" } });
  });
});

describe("outer packs", () => {
  const CASE = "14006381333938";
  const cased = (qty: number, more: Partial<Line> = {}) =>
    line({ codes: [GTIN, CASE], packs: { [CASE]: 24 }, qty, ...more });

  test("a case counts its pieces, and single ones count beside it", () => {
    const half = walk(cased(50), "L-A01-1-1", CASE);
    expect(half).toMatchObject({ kind: "onward", at: { step: "quantity", counted: 24 } });
    const done = walk(cased(50), "L-A01-1-1", CASE, `]d201${CASE}`, GTIN, GTIN);
    expect(done).toMatchObject({ kind: "confirm", qty: 50 });
  });

  test("a case that holds more than is wanted stops and counts nothing", () => {
    expect(why(walk(cased(10), "L-A01-1-1", CASE))).toBe("pack_too_large");
    expect(why(walk(cased(30), "L-A01-1-1", CASE, CASE))).toBe("pack_too_large");
  });

  test("a case of a lot counts when its lot was read", () => {
    const lotted = cased(24, { lot: "B7" });
    expect(walk(lotted, "L-A01-1-1", CASE, "B7")).toMatchObject({ kind: "confirm", qty: 24 });
  });

  test("pieces with numbers are scanned one by one, whatever they come in", () => {
    const numbered = cased(24, { tracks: ["serial"] });
    const first = walk(numbered, "L-A01-1-1", CASE, "S1");
    expect(first).toMatchObject({ at: { counted: 1, serials: ["S1"] } });
  });

  test("a picker reads how many cases and how many single pieces make it up", () => {
    expect(inPacks(50, cased(50))).toEqual({ size: 24, whole: 2, single: 2 });
    expect(inPacks(10, cased(10))).toBeUndefined();
    expect(inPacks(10, line())).toBeUndefined();
  });
});

test("of a label that says much each step takes its own, in whatever order it stands", () => {
  const asked = line({ lot: "B7", tracks: ["lot", "serial"], qty: 1 });
  for (const label of [
    `]d201${GTIN}10B7\x1d21S1`,
    `]d210B7\x1d21S1\x1d01${GTIN}`,
    `]d221S1\x1d01${GTIN}10B7`,
  ]) {
    const done = { kind: "confirm", qty: 1, serials: ["S1"] };
    expect(walk(asked, "L-A01-1-1", label)).toMatchObject(done);
    expect(why(walk(asked, label))).toBe("location_first");
  }
});

describe("keypad", () => {
  const counting: Position = { no: 1, step: "quantity", counted: 1, code: "c" };

  test("the asked number confirms, more is refused, less asks for a report", () => {
    expect(readAmount(line(), counting, 3)).toEqual({ kind: "confirm", qty: 3, code: "c" });
    expect(readAmount(line(), counting, 4)).toEqual({ kind: "too_many" });
    expect(readAmount(line(), counting, 0)).toEqual({ kind: "fewer", found: 0 });
  });

  test("no number counts before one verified scan", () => {
    expect(readAmount(line(), begin(line(), "A01-1-1"), 3)).toBeNull();
  });
});

test("lines are walked by their place, what waits comes last, what is on hold not at all", () => {
  const lines = [
    line({ no: 1, seq: 3 }),
    line({ no: 2, seq: 1, waits: true }),
    line({ no: 3, seq: 2 }),
  ];
  expect(remaining(lines).map(each => each.no)).toEqual([3, 1, 2]);
  expect(remaining([line({ state: "picked" }), line({ stopped: true })])).toEqual([]);
});

test("a step back takes one piece, then the item, then the location", () => {
  const two: Position = { no: 1, step: "quantity", counted: 2, code: "c" };
  const one = stepBack(line(), two);
  expect(one).toMatchObject({ step: "quantity", counted: 1 });
  expect(stepBack(line(), one)).toEqual({ no: 1, step: "what", counted: 0, code: "" });
  expect(stepBack(line(), stepBack(line(), one)).step).toBe("where");
});

describe("lots that may stand in, expiry and serial numbers", () => {
  const kept = line({
    lot: "B7",
    expiry: "2026-08-01",
    tracks: ["lot", "expiry"],
    qty: 1,
  });
  const later = `]d201${GTIN}1726090110B8`;

  function offered(rule: LotChange): Outcome {
    const at: Position = { ...begin(kept, "A01-1-1") };
    return readScan(kept, at, came(later, rule));
  }

  function came(raw: string, lotChange: LotChange = "never"): Came {
    return {
      scan: resolve(raw, { year: 2026 }),
      raw,
      typed: false,
      today: "2026-05-01",
      lotChange,
    };
  }

  test("another lot stops, or is offered where the site allows it", () => {
    expect(why(offered("never"))).toBe("wrong_lot");
    expect(why(offered("any"))).toBe("change_lot");
    expect(why(offered("same_or_later_expiry"))).toBe("change_lot");
  });

  test("taking the offered lot confirms the line with it", () => {
    const asked = offered("any");
    if (asked.kind !== "stop") throw new Error("it should have stopped");
    const taken = acceptLot(kept, begin(kept, "A01-1-1"), asked.stop, came(later));
    expect(taken).toMatchObject({ kind: "confirm", qty: 1, lot: "B8" });
  });

  test("goods that track expiry ask for it, as a code or typed", () => {
    const dated = line({ tracks: ["expiry"], qty: 1 });
    expect(walk(dated, "L-A01-1-1", "4006381333931")).toMatchObject({ at: { step: "expiry" } });
    expect(walk(dated, "L-A01-1-1", "4006381333931", "270331").kind).toBe("confirm");
    expect(why(walk(dated, "L-A01-1-1", "4006381333931", "260430"))).toBe("expired");
    expect(why(walk(dated, "L-A01-1-1", "4006381333931", "soon"))).toBe("expiry_missing");
  });

  test("each piece with a number is scanned once, and the fact names them all", () => {
    const numbered = line({ tracks: ["serial"], qty: 2 });
    const piece = (serial: string) => `]d201${GTIN}21${serial}`;
    const done = walk(numbered, "L-A01-1-1", piece("S1"), "4006381333931", "S2");
    expect(done).toMatchObject({ kind: "confirm", qty: 2, serials: ["S1", "S2"] });
    expect(why(walk(numbered, "L-A01-1-1", piece("S1"), piece("S1")))).toBe("serial_repeated");
  });

  test("the keypad does not count pieces that have numbers", () => {
    const numbered = line({ tracks: ["serial"] });
    const at: Position = { no: 1, step: "quantity", counted: 1, code: "c", serials: ["S1"] };
    expect(readAmount(numbered, at, 3)).toBeNull();
    expect(readAmount(numbered, at, 1)).toEqual({ kind: "fewer", found: 1 });
  });

  test("a lot on the label of goods that are not kept by lot is not booked", () => {
    const done = walk(line({ qty: 1 }), "L-A01-1-1", `]d201${GTIN}10X1`);
    expect(done).toEqual({ kind: "confirm", qty: 1, code: `]d201${GTIN}10X1` });
  });
});

test("a place that was scanned is finished first, though the walk was planned anew", () => {
  const lines = [line({ no: 1, seq: 2 }), line({ no: 2, seq: 1 })];
  const numbers = (at: Position | null) => aheadFrom(lines, at).map(({ no }) => no);
  expect(numbers(null)).toEqual([2, 1]);
  expect(numbers({ no: 1, step: "where", counted: 0, code: "" })).toEqual([2, 1]);
  expect(numbers({ no: 1, step: "what", counted: 0, code: "" })).toEqual([1, 2]);
});
