// @vitest-environment node
import { expect, test } from "vitest";
import { type Act, differences, matching, nothingToDo, stepOf, undoOf } from "./acts";
import { held, task } from "./fixtures";

const assign: Act = { what: "assign", person: "bo", name: "Bo" };
const ACTS: readonly Act[] = [
  assign,
  { what: "takeBack" },
  { what: "pause", reason: "Break" },
  { what: "resume" },
  { what: "priority", priority: 90 },
  { what: "halt", reason: "Spill" },
  { what: "letGo" },
  { what: "split", person: null },
];

test("every act says which lease and which decision was seen", () => {
  for (const act of ACTS)
    expect(stepOf(act, task()).body).toMatchObject({ task: "t1", expects: 4, seen: 7 });
});

test("an undo is asked for on what the act itself has made of the task", () => {
  for (const act of ACTS) {
    const [first] = undoOf(act, held("ann", { paused: "" }));
    const moved = act.what === "assign" || act.what === "takeBack";
    expect(first?.body).toMatchObject({ task: "t1", expects: moved ? 5 : 4, seen: 8 });
  }
});

test("an undo gives back who had it, unless somebody has begun, and parks it again", () => {
  const before = held("ann", { done: 1, paused: "Break" });
  expect(undoOf(assign, before)).toEqual([
    {
      name: "floor.reassign_task",
      body: { task: "t1", expects: 5, seen: 8, person: "ann", done: 1 },
    },
    { name: "floor.pause_task", body: { task: "t1", expects: 6, seen: 9, reason: "Break" } },
  ]);
});

test("an undo restores what was there before", () => {
  expect(undoOf({ what: "priority", priority: 90 }, task())[0]?.body).toMatchObject({
    priority: 40,
  });
  expect(undoOf({ what: "letGo" }, task({ halted: true, stopped: "Spill" }))[0]).toMatchObject({
    name: "floor.halt_task",
    body: { reason: "Spill" },
  });
  expect(undoOf({ what: "split", person: "bo" }, task())[0]?.name).toBe("picking.join_tasks");
});

test("what would change nothing is not asked for, and says why", () => {
  expect(nothingToDo(assign, held("bo"))).toBe("same");
  expect(nothingToDo(assign, held("ann"))).toBeUndefined();
  expect(nothingToDo(assign, task({ state: "done" }))).toBe("over");
  expect(nothingToDo(assign, task({ state: "waiting" }))).toBe("waits");
  expect(nothingToDo({ what: "takeBack" }, task())).toBe("same");
  expect(nothingToDo({ what: "pause", reason: "x" }, task())).toBe("notHeld");
  expect(nothingToDo({ what: "pause", reason: "x" }, held("bo", { paused: "y" }))).toBe("same");
  expect(nothingToDo({ what: "letGo" }, task({ stopped: "Payment" }))).toBe("orderHold");
  expect(nothingToDo({ what: "letGo" }, task({ stopped: "Spill", halted: true }))).toBeUndefined();
  expect(nothingToDo({ what: "split", person: null }, task({ lines: 3, done: 2 }))).toBe("tooFew");
  expect(nothingToDo({ what: "priority", priority: 40 }, task())).toBe("same");
});

test("what has changed since is told apart from what has not", () => {
  const now = held("bo", { priority: 90 });
  const changed = differences(task(), now).filter(each => each.changed);
  expect(changed.map(({ field }) => field)).toEqual(["who", "state", "priority"]);
});

test("a filter keeps tasks by text, kind and holder", () => {
  const rows = [task(), held("bo", { id: "t2", kind: "count", title: "A01", zone: "COLD" })];
  const found = (text: string, kind = "", who = "") =>
    matching(rows, { text, kind, who }).map(({ id }) => id);
  expect(found("")).toEqual(["t1", "t2"]);
  expect(found(" cold ")).toEqual(["t2"]);
  expect(found("BO")).toEqual(["t2"]);
  expect(found("", "pick")).toEqual(["t1"]);
  expect(found("", "", "-")).toEqual(["t1"]);
  expect(found("000001", "count")).toEqual([]);
});
