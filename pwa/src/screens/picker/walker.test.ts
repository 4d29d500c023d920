import "fake-indexeddb/auto";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { WireOp, WireRow } from "../../kernel/wire";
import { registerAllOps } from "../../ops/all";
import { openStorage, type Storage } from "../../outbox/storage";
import { person } from "../../shell";
import { found, fresh } from "../../sync/disk";
import { replica, setSession, start } from "../../sync/engine";
import { reportSteps } from "./short";
import type { Line } from "./walk";
import { type Walker, walkerOf } from "./walker";

vi.mock("../../auth", () => ({ resumeSitting: async () => {} }));

class DeadSocket {
  readyState = 3;
  close(): void {}
}

const MUG = "04006381333931";
const OTHER = "5000112637922";

let storage: Storage;
let walks = 0;
let task: string;
let at = 0;

beforeAll(async () => {
  vi.stubGlobal("WebSocket", DeadSocket);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  registerAllOps();
  storage = await openStorage("walker");
  await found(storage, fresh("k7", "e1"), { device: "k7", site: "main", name: "Handheld" });
  await start({ authenticate: async () => ({ ok: false }), lost: async () => false }, "walker");
  setSession({ sid: "s1", person: "u1" });
  person.value = { id: "u1", name: "Ann", roles: ["picker"] };
});

beforeEach(() => {
  walks += 1;
  task = `T${walks}`;
});

const LINE = {
  slot: 0,
  order: "o",
  order_number: "2026-EC-1",
  sku: "MUG",
  name: "Mug",
  codes: [MUG],
  packs: {},
  lot: "",
  expiry: "",
  tracks: [],
  bin: "A01-1-1",
  qty: 3,
  picked: 0,
  state: "open",
  reason: null,
  instead_of: null,
  waits: false,
  stopped: false,
  held: "",
  cures: { bins: [], substitutes: [], bulk: 0, empties: false },
};

/** A walk of these lines on this device; `mode` of its task. */
function walk(lines: readonly Partial<Line>[], mode = "single"): Walker {
  const rows = lines.map((line, i): WireRow => {
    const no = i + 1;
    return ["u:u1", "line", `${task}/${no}`, 1, { ...LINE, task, no, seq: no, ...line }];
  });
  const held = { id: task, kind: "pick", mode, lines: lines.length, epoch: 1 };
  replica.load([["u:u1", "task", task, 1, held], ...rows], replica.pending);
  return walkerOf(task);
}

async function scan(walker: Walker, ...raws: string[]): Promise<void> {
  for (const raw of raws) await walker.take({ raw, source: "wedge", at: ++at });
}

async function said(): Promise<readonly Record<string, unknown>[]> {
  const ops = (await storage.read(db => db.getAll("ops"))) as WireOp[];
  return ops.filter(op => op.body.task === task).map(op => op.body);
}

test("a wrong scan books nothing, moves nothing and loses nothing that was counted", async () => {
  const walker = walk([{ qty: 3 }]);
  await scan(walker, "L-A01-1-1", MUG, MUG);
  for (const wrong of [OTHER, "(00)340123456789012340", "P-00000001", "T-9", "NOBODY-KNOWS-THIS"]) {
    const before = walker.at.value;
    await scan(walker, wrong);
    expect(walker.stop.value?.why).toBe("item");
    expect(walker.at.value).toEqual(before);
  }
  expect(walker.at.value).toMatchObject({ step: "quantity", counted: 2 });
  expect(await said()).toEqual([]);
  await scan(walker, MUG);
  expect(walker.stop.value).toBeNull();
  expect(await said()).toMatchObject([{ line: 1, qty: 3 }]);
});

test("an item on two lines of the order is counted for one of them only", async () => {
  const walker = walk([{ qty: 1 }, { qty: 1 }]);
  await scan(walker, "L-A01-1-1", MUG);
  expect((await said()).map(({ line }) => line)).toEqual([1]);
  expect(walker.line.value?.no).toBe(2);
  await scan(walker, MUG);
  expect((await said()).map(({ line }) => line)).toEqual([1, 2]);
});

test("who reports that there is no more says the lot and the numbers that were counted", async () => {
  const walker = walk([{ lot: "B7", tracks: ["lot", "serial"], qty: 3 }]);
  const line = walker.line.value as Line;
  expect(walker.inHand(line)).toEqual({ lot: "B7", serials: [] });
  const piece = (n: string) => `]d201${MUG}10B7\x1d21${n}`;
  await scan(walker, "L-A01-1-1", piece("S1"), piece("S2"));
  expect(walker.inHand(line)).toEqual({ lot: "B7", serials: ["S1", "S2"] });
});

test("of too few pieces with numbers each order's line gets its own, the rest stays in hand", async () => {
  const two = { tracks: ["serial"], qty: 2 };
  const walker = walk([two, { ...two, slot: 2 }], "batch");
  const piece = (n: string) => `]d201${MUG}21${n}`;
  await scan(walker, "L-A01-1-1", piece("S1"), piece("S2"), piece("S3"));
  await walker.amount(3);
  expect(await said()).toMatchObject([{ line: 1, qty: 2, serials: ["S1", "S2"] }]);
  expect(walker.fewer.value).toBe(1);
  const next = walker.line.value as Line;
  expect(next.no).toBe(2);
  expect(walker.inHand(next).serials).toEqual(["S3"]);
});

test("a report asks how many unless each was scanned, and on a cart for the tote", () => {
  const plain = LINE as unknown as Line;
  const numbered = { ...plain, tracks: ["serial"] };
  expect(reportSteps(plain, false)).toEqual(["reason", "found", "evidence"]);
  expect(reportSteps(plain, true)).toEqual(["reason", "found", "tote", "evidence"]);
  expect(reportSteps(numbered, true)).toEqual(["reason", "tote", "evidence"]);
});

test("a full tote keeps what is in it, and one scan of another one takes the rest", async () => {
  const lot = { lot: "B7", tracks: ["lot"], slot: 1 };
  const walker = walk(
    [
      { ...lot, qty: 3 },
      { ...lot, qty: 1 },
      { qty: 1, slot: 2 },
    ],
    "cluster",
  );
  const tote = (slot: number, code: string): WireRow => {
    const body = { task, slot, order: `o${slot}`, order_number: "2026-EC-1", code, stands: null };
    return ["u:u1", "tote", `${task}/${slot}`, 1, body];
  };
  const totes = [tote(1, "T1"), tote(2, "T2")];
  replica.adopt([], totes, 0);
  await scan(walker, "L-A01-1-1", `]d201${MUG}10B7`, MUG, MUG);
  expect(walker.put.value?.qty).toBe(3);
  await walker.fillTote(3, "T3", 2);
  expect(await said()).toMatchObject([
    { line: 1, slot: 1, to_slot: 3, code: "T3", qty: 2, lot: "B7", lines: [1, 2] },
    { line: 10_001, qty: 1, lot: "B7", tote: "T3" },
  ]);
  expect(walker.put.value).toBeNull();
  expect(walker.undoable?.no).toBe(10_001);
  const slots = walker.lines.value.map(({ no, slot, state }) => [no, slot, state]);
  expect(slots).toEqual([
    [1, 1, "picked"],
    [2, 3, "open"],
    [3, 2, "open"],
    [10_001, 3, "picked"],
  ]);
});
