import { expect, test } from "vitest";
import { heldTasks, type Task, waitingTasks, words } from "./tasks";

function task(id: string, fields: Partial<Task> = {}): Task {
  return {
    id,
    kind: "pick",
    state: "open",
    epoch: 0,
    assignee: null,
    assignee_name: null,
    title: id,
    ref: "",
    zone: "",
    priority: 40,
    due_at: 100,
    expected_s: 60,
    lines: 1,
    done: 0,
    mode: "",
    orders: 1,
    after: null,
    stands: "",
    paused: "",
    stopped: "",
    halted: false,
    revision: 0,
    metres: 0,
    s_shape_metres: 0,
    policy: "",
    taken_at: null,
    ...fields,
  };
}

test("waiting tasks stand by priority, then by due time, then by age", () => {
  const tasks = [
    task("c"),
    task("b"),
    task("late", { due_at: 50 }),
    task("urgent", { priority: 80, due_at: 900 }),
    task("parcel", { kind: "pack" }),
    task("taken", { state: "held", assignee: "p1" }),
  ];
  expect(waitingTasks(tasks, "pick").map(each => each.id)).toEqual(["urgent", "late", "b", "c"]);
});

test("only one's own tasks of the kind are held", () => {
  const tasks = [
    task("mine", { state: "held", assignee: "p1" }),
    task("done", { state: "done", assignee: "p1" }),
    task("other", { state: "held", assignee: "p2" }),
    task("pack", { kind: "pack", state: "held", assignee: "p1" }),
  ];
  expect(heldTasks(tasks, "pick", "p1").map(each => each.id)).toEqual(["mine"]);
});

test("a sentence takes words and numbers of an answer, nothing else", () => {
  expect(words({ by: "Ana", over: 2, order: null, list: [1] })).toEqual({ by: "Ana", over: 2 });
});
