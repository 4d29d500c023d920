// @vitest-environment node
import { effect } from "@preact/signals";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OP_KIND, OP_VERSION } from "../gen/ops";
import type { OpArgs } from "../kernel/contract";
import type { WireOp, WireRow } from "../kernel/wire";
import { type Draft, type Ops, registerOps } from "../ops";
import { Replica } from "./view";

const op = (n: number, line: number, qty: number): WireOp => ({
  n,
  id: `${n}`,
  sid: null,
  k: "picking.confirm_pick",
  v: 1,
  at: 0,
  boot: "",
  mono: 0,
  body: { task: "T1", line, qty },
  refs: [],
});
const line = (no: number, picked: number, ver = 1, scope = "u:17"): WireRow => [
  scope,
  "line",
  `T1/${no}`,
  ver,
  { task: "T1", no, picked },
];

beforeAll(() => {
  const ops = {
    picking: {
      confirm_pick: {
        label: "ops.title",
        fold: (draft: Draft, body: OpArgs["picking.confirm_pick"]) =>
          draft.patch("line", `${body.task}/${body.line}`, { picked: body.qty }),
      },
      report_short: {
        label: "ops.title",
        fold: () => {
          throw new Error("made by another build");
        },
      },
    },
  } as unknown as Ops;
  registerOps(ops, { version: OP_VERSION, kind: OP_KIND });
});

let replica: Replica;
const picked = (no: number) => replica.row("line", `T1/${no}`).value?.picked;

beforeEach(() => {
  replica = new Replica();
  replica.load([line(1, 0), line(2, 0)], []);
});

describe("view", () => {
  it("shows the server's rows with pending operations folded in", () => {
    replica.add([op(1, 1, 3)]);
    expect([picked(1), picked(2)]).toEqual([3, 0]);
    expect(replica.view("line").value.size).toBe(2);
  });

  it("lets an operation go only together with its effect, without a flicker", () => {
    replica.add([op(1, 1, 3)]);
    const seen: unknown[] = [];
    const stop = effect(() => void seen.push(picked(1)));
    replica.adopt([], [line(1, 3, 2)], 1);
    stop();
    expect(new Set(seen)).toEqual(new Set([3]));
    expect(replica.pending).toEqual([]);
  });

  it("goes back to the server's row when the effect was another than expected", () => {
    replica.add([op(1, 1, 3)]);
    replica.adopt([], [], 1);
    expect(picked(1)).toBe(0);
  });

  it("folds the same operation twice to the same rows", () => {
    replica.add([op(1, 1, 3)]);
    replica.adopt([], [line(1, 3, 2)], 0);
    expect(picked(1)).toBe(3);
  });

  it("keeps an operation that was made while an answer was being written", () => {
    replica.add([op(1, 1, 3)]);
    replica.add([op(2, 2, 5)]);
    replica.adopt([], [line(1, 3, 2)], 1);
    expect([picked(1), picked(2)]).toEqual([3, 5]);
  });

  it("folds again what a restart made pending, and what came after it", () => {
    replica.add([op(3, 2, 5)]);
    replica.adopt("all", [line(1, 0), line(2, 0)], 0, [op(1, 1, 1), op(2, 1, 2)]);
    expect([picked(1), picked(2)]).toEqual([2, 5]);
    expect(replica.pending.map(o => o.n)).toEqual([1, 2, 3]);
  });

  it("shows a row that stands in two scopes as the newer says", () => {
    replica.adopt([], [line(1, 9, 5, "b:main")], 0);
    expect(picked(1)).toBe(9);
    replica.adopt(["b:main"], [], 0);
    expect(picked(1)).toBe(0);
  });

  it("hides another person's rows on a shared device", () => {
    replica.show(scope => scope !== "u:17");
    expect(replica.view("line").value.size).toBe(0);
    replica.show(() => true);
    expect(replica.view("line").value.size).toBe(2);
  });

  it("survives an operation that this build cannot fold", () => {
    replica.add([
      { ...op(1, 1, 3), k: "picking.report_short" },
      { ...op(2, 1, 4), k: "new.one" },
    ]);
    expect([picked(1), replica.pending.length]).toEqual([0, 2]);
  });

  it("touches nothing but the rows that one scan changes", () => {
    const others = Array.from({ length: 600 }, (_, i) => line(i + 10, 0));
    replica.adopt([], others, 0);
    let lines = 0;
    let tasks = 0;
    const stop = [
      effect(() => {
        replica.row("line", "T1/50").value;
        lines++;
      }),
      effect(() => {
        replica.view("task").value;
        tasks++;
      }),
    ];
    replica.add([op(1, 51, 1)]);
    expect([lines, tasks]).toEqual([1, 1]);
    replica.add([op(2, 50, 1)]);
    expect([lines, tasks]).toEqual([2, 1]);
    for (const end of stop) end();
  });
});
