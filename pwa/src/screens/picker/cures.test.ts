// @vitest-environment node
import { describe, expect, test } from "vitest";
import { closeShort, openRest, REST, reopen, walkBy } from "../../ops/picking-rest";
import type { FloorPlan } from "../floor/floor-plan";
import { curesOf, restOf, skipped, walkAnew } from "./cures";
import type { Line } from "./walk";

const PLAN: FloorPlan = {
  aisles: 4,
  gap: 40,
  block_lengths: [100],
  depot: { aisle: 0, cross: 0 },
};

function bin(code: string, aisle: number, qty: number): Line["cures"]["bins"][number] {
  return {
    bin: code,
    lot: "",
    expiry: "",
    qty,
    aisle,
    block: 0,
    offset_dm: 50,
    side: "L",
    level: 1,
  };
}

function line(no: number, fields: Partial<Line> = {}): Line {
  return {
    task: "T1",
    no,
    slot: 0,
    order: "o",
    order_number: "2026-EC-1",
    sku: "MUG",
    name: "Mug",
    codes: [],
    packs: {},
    weight_class: "light",
    lot: "",
    expiry: "",
    held: "",
    tracks: [],
    bin: `A0${no}`,
    aisle: no - 1,
    block: 0,
    offset_dm: 50,
    side: "L",
    level: 1,
    qty: 3,
    picked: 0,
    state: "open",
    reason: null,
    seq: no,
    sorted: false,
    instead_of: null,
    waits: false,
    stopped: false,
    cures: { bins: [], substitutes: [], bulk: 0, empties: false },
    ...fields,
  };
}

const lamp = {
  sku: "LAMP",
  name: "Lamp",
  codes: ["1"],
  packs: {},
  weight_class: "fragile",
  tracks: [],
  at: bin("C01", 3, 9),
};

describe("what is offered", () => {
  const cures = { bins: [bin("B01", 1, 1)], substitutes: [lamp], bulk: 4, empties: false };

  test("other bins first, then what may be sent instead, then waiting; never more than is there", () => {
    const offered = curesOf(line(1, { cures }), 2);
    expect(offered.map(cure => [cure.kind, cure.qty])).toEqual([
      ["elsewhere", 1],
      ["substitute", 2],
      ["replenish", 2],
    ]);
  });

  test("nothing where nothing is missing, or where the numbers end", () => {
    expect(curesOf(line(1, { cures }), 0)).toEqual([]);
    expect(curesOf(line(95_000, { cures }), 2)).toEqual([]);
  });
});

describe("the walk anew", () => {
  test("a bin on the way is met on the way, not at the end", () => {
    const cure = { kind: "elsewhere" as const, at: bin("B", 1, 5), qty: 2 };
    const rest = restOf(line(1), cure);
    const walk = walkAnew([line(3), line(4)], rest, line(1), {
      ...PLAN,
      depot: { aisle: 3, cross: 0 },
    });
    expect(walk).toEqual([1 + REST, 3, 4]);
  });

  test("what waits comes last, whatever its place", () => {
    const rest = restOf(line(1), { kind: "replenish", qty: 2 });
    expect(walkAnew([line(2), line(3)], rest, line(1), PLAN).at(-1)).toBe(1 + REST);
  });

  test("without a floor plan the order stays", () => {
    expect(walkAnew([line(4), line(2)], null, line(1), null)).toEqual([4, 2]);
  });

  test("a skipped line comes last", () => {
    expect(skipped([line(2), line(1), line(3)], 2)).toEqual([1, 3, 2]);
  });
});

/** Rows as a fold sees them. */
function draftOf(...lines: Line[]) {
  const rows = new Map<string, Record<string, unknown>>([
    ["task:T1", { lines: lines.length }],
    ...lines.map(each => [`line:T1/${each.no}`, { ...each }] as [string, Record<string, unknown>]),
  ]);
  const draft = {
    get: (kind: string, key: string) => rows.get(`${kind}:${key}`),
    put: (kind: string, key: string, body: Record<string, unknown>) =>
      rows.set(`${kind}:${key}`, body),
    patch: (kind: string, key: string, fields: Record<string, unknown>) =>
      rows.set(`${kind}:${key}`, { ...rows.get(`${kind}:${key}`), ...fields }),
    drop: (kind: string, key: string) => rows.delete(`${kind}:${key}`),
  };
  return { rows, draft: draft as unknown as Parameters<typeof closeShort>[0] };
}

describe("folds", () => {
  const found = { task: "T1", line: 1, found: 1, reason: "missing" };

  test("the rest is a line of its own at once, and folding again changes nothing", () => {
    const at = bin("B01", 1, 5);
    const cures = { bins: [at], substitutes: [], bulk: 0, empties: true };
    const { rows, draft } = draftOf(line(1, { cures }), line(2));
    const once = () => {
      const was = closeShort(draft, found);
      if (was) openRest(draft, was, found, { qty: 2, at });
      walkBy(draft, "T1", [1 + REST, 2]);
    };
    once();
    const after = JSON.stringify([...rows]);
    once();
    expect(JSON.stringify([...rows])).toBe(after);
    expect(rows.get("line:T1/1")).toMatchObject({ state: "short", picked: 1 });
    expect(rows.get(`line:T1/${1 + REST}`)).toMatchObject({
      bin: "B01",
      qty: 2,
      instead_of: 1,
      seq: 1,
      state: "open",
    });
    expect(rows.get("task:T1")).toMatchObject({ lines: 3 });
  });

  test("from another place no hold of the line's own lot comes along", () => {
    const held = line(1, { lot: "B7", held: "Recall 7" });
    const at = { ...bin("B01", 1, 5), lot: "B8" };
    for (const [rest, why] of [
      [{ qty: 2, at }, ""],
      [{ qty: 2, waits: true }, "Recall 7"],
    ] as const) {
      const { rows, draft } = draftOf(held);
      const was = closeShort(draft, found);
      if (was) openRest(draft, was, found, rest);
      expect(rows.get(`line:T1/${1 + REST}`)).toMatchObject({ held: why });
    }
  });

  test("a substitute brings its own name and codes, and the line's own bin is forgotten", () => {
    const { rows, draft } = draftOf(line(1));
    const was = closeShort(draft, found);
    if (was) openRest(draft, was, found, { qty: 2, at: lamp.at, item: lamp });
    expect(rows.get(`line:T1/${1 + REST}`)).toMatchObject({
      sku: "LAMP",
      name: "Lamp",
      bin: "C01",
    });
  });

  test("undo opens the line and takes its rest away; never a rest that was begun", () => {
    const { rows, draft } = draftOf(line(1));
    const was = closeShort(draft, found);
    if (was) openRest(draft, was, found, { qty: 2 });
    reopen(draft, "T1", 1);
    expect(rows.get("line:T1/1")).toMatchObject({ state: "open", picked: 0 });
    expect(rows.has(`line:T1/${1 + REST}`)).toBe(false);
    expect(rows.get("task:T1")).toMatchObject({ lines: 1 });

    const begun = draftOf(
      line(1, { state: "short", picked: 1 }),
      line(1 + REST, { state: "picked" }),
    );
    reopen(begun.draft, "T1", 1);
    expect(begun.rows.get("line:T1/1")).toMatchObject({ state: "short" });
  });
});
