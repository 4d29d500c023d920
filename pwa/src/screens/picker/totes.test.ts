// @vitest-environment node
import { describe, expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import type { Task } from "../floor/tasks";
import {
  asOneStop,
  emptySlots,
  isOfCart,
  lineToSort,
  readTote,
  shareOut,
  stageOf,
  type Tote,
  together,
} from "./totes";
import type { Line } from "./walk";

const MUG = "04006381333931";

function line(fields: Partial<Line>): Line {
  const base = { task: "T", no: 1, slot: 1, sku: "MUG", codes: [MUG], lot: "", bin: "A01" };
  return { ...base, qty: 1, picked: 0, state: "open", sorted: false, ...fields } as Line;
}

function tote(slot: number, code: string | null = null): Tote {
  return { task: "T", slot, order: `o${slot}`, order_number: `N${slot}`, code, stands: null };
}

function task(mode: string, stands = ""): Task {
  return { id: "T", mode, stands } as Task;
}

const scan = (raw: string) => resolve(raw, { year: 2026 });

describe("stage", () => {
  test("a cluster's cart is loaded before the walk, a single order's is not", () => {
    const lines = [line({}), line({ no: 2, slot: 2 })];
    expect(stageOf(task("cluster"), lines, [tote(1, "X"), tote(2)], false)).toBe("load");
    expect(stageOf(task("cluster"), lines, [tote(1, "X"), tote(2, "Y")], false)).toBe("walk");
    expect(stageOf(task("single"), [line({ slot: 0 })], [], false)).toBe("walk");
  });

  test("a batch is sorted after the walk, then summed up", () => {
    const picked = line({ state: "picked", picked: 1 });
    expect(stageOf(task("batch"), [picked], [tote(1)], false)).toBe("sort");
    expect(stageOf(task("batch"), [{ ...picked, sorted: true }], [tote(1)], false)).toBe("summary");
    expect(stageOf(task("batch"), [line({ state: "short" })], [tote(1)], false)).toBe("summary");
  });

  test("a zone fetches the cart where it stands, once, and hands it over at the end", () => {
    const totes = [tote(1, "X")];
    expect(stageOf(task("zone", "GATE"), [line({})], totes, false)).toBe("fetch");
    expect(stageOf(task("zone", "GATE"), [line({})], totes, true)).toBe("walk");
    expect(stageOf(task("zone"), [line({ state: "picked" })], totes, true)).toBe("hand_over");
  });

  test("slots of orders that were cancelled need no tote", () => {
    const lines = [line({}), line({ no: 2, slot: 2, state: "cancelled" })];
    expect(emptySlots(lines, [tote(2), tote(1)]).map(({ slot }) => slot)).toEqual([1]);
  });
});

describe("tote", () => {
  const totes = [tote(1, "7"), tote(2)];

  test("the slot's own tote is right, another stops with what was scanned", () => {
    expect(readTote(tote(1, "7"), totes, scan("T-7"))).toMatchObject({
      kind: "right",
      isNew: false,
    });
    expect(readTote(tote(1, "7"), totes, scan("T-8"))).toMatchObject({
      why: "other_tote",
      scanned: "8",
    });
  });

  test("an empty slot takes a new tote, never one of the same cart, a place or an item", () => {
    expect(readTote(tote(2), totes, scan("T-8"))).toEqual({
      kind: "right",
      code: "8",
      isNew: true,
    });
    expect(readTote(tote(2), totes, scan("T-7"))).toMatchObject({ why: "tote_taken" });
    expect(readTote(tote(2), totes, scan("L-A01"))).toMatchObject({ why: "not_a_tote" });
    expect(readTote(tote(2), totes, scan(MUG))).toMatchObject({ why: "not_a_tote" });
  });

  test("any tote of the cart shows that it is the right cart", () => {
    expect(isOfCart(totes, scan("T-7"))).toBe(true);
    expect(isOfCart(totes, scan("T-9"))).toBe(false);
  });
});

describe("batch", () => {
  test("lines of one bin, item and lot are one stop with the sum", () => {
    const lines = [line({ qty: 2 }), line({ no: 2, bin: "B" }), line({ no: 3, slot: 3, qty: 3 })];
    expect(together(lines).map(({ no }) => no)).toEqual([1, 3]);
    expect(asOneStop(together(lines))).toMatchObject({ no: 1, qty: 5 });
    expect(together([line({ lot: "A" }), line({ no: 2, lot: "B" })])).toHaveLength(1);
  });

  test("pieces fill one line after the other; what is left is short of the next", () => {
    const lines = [line({ qty: 2 }), line({ no: 2, qty: 3 }), line({ no: 3, qty: 1 })];
    expect(shareOut(lines, 6)).toMatchObject({
      full: [{ qty: 2 }, { qty: 3 }, { qty: 1 }],
      left: 0,
    });
    expect(shareOut(lines, 4)).toMatchObject({ full: [{ qty: 2 }], left: 2 });
    expect(shareOut(lines, 1)).toEqual({ full: [], left: 1 });
  });

  test("an item is sorted into the first slot that waits for it, then into the next", () => {
    const lines = [
      line({ slot: 2, picked: 1, state: "picked" }),
      line({ no: 2, slot: 1, picked: 1, state: "picked" }),
    ];
    expect(lineToSort(lines, scan(MUG))?.slot).toBe(1);
    const rest = [lines[0] as Line, line({ no: 2, slot: 1, picked: 1, sorted: true })];
    expect(lineToSort(rest, scan(MUG))?.slot).toBe(2);
    expect(lineToSort(rest, scan("09506000134352"))).toBeNull();
  });
});
