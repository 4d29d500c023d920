import { beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../../i18n";
import type { Outcome } from "../../sync";
import type { Act } from "./acts";
import { held, task } from "./fixtures";
import { askAgain, leave, perform, report, undo, undone } from "./perform";
import { undoables } from "./undoables";

const asked: { name: string; body: Record<string, unknown> }[] = [];
let answer: (name: string, body: Record<string, unknown>) => Outcome;

vi.mock("../../sync", () => ({
  session: { value: { sid: "s1", person: "chief" } },
  dispatch: vi.fn(async () => ({})),
  submit: async (name: string, body: Record<string, unknown>) => {
    asked.push({ name, body });
    return answer(name, body);
  },
}));
vi.mock("../../ui", () => ({ announce: vi.fn() }));

const APPLIED: Outcome = { outcome: "applied" };
const assign: Act = { what: "assign", person: "bo", name: "Bo" };

function refused(code: string, data: Record<string, unknown> = {}): Outcome {
  return { n: 1, outcome: "refused", code, data, k: "", v: 1, at: 0 } as Outcome;
}

async function loadedAgain(): Promise<typeof import("./undoables")> {
  vi.resetModules();
  return await import("./undoables");
}

beforeEach(() => {
  chooseLanguage("en");
  asked.length = 0;
  answer = () => APPLIED;
  report.value = null;
  undoables.value = [];
  undone.value = null;
});

test("each of many has an outcome of its own, and nothing is half silent", async () => {
  answer = (_, { task: id }) =>
    id === "t2" ? refused("stale", { by: "Ann" }) : id === "t3" ? refused("busy") : APPLIED;
  const rows = ["t1", "t2", "t3"].map(id => task({ id }));
  await perform([...rows, held("bo", { id: "t4" })].map(row => ({ task: row, act: assign })));
  const became = report.value?.results.map(each => [each.asked.task.id, each.became]);
  expect(became).toEqual([
    ["t1", "done"],
    ["t2", "changed"],
    ["t3", "refused"],
    ["t4", "nothing"],
  ]);
  expect(report.value?.results.slice(1).every(({ words }) => words !== "")).toBe(true);
  expect(undoables.value[0]?.words).toBe("2026-EC-000001 → Bo");
});

test("what went well needs no reading, and is undone on the task that it made", async () => {
  await perform([{ task: task(), act: assign }]);
  expect(report.value).toBeNull();
  await undo(undoables.value[0]?.id ?? 0);
  expect(asked.at(-1)).toEqual({
    name: "floor.reassign_task",
    body: { task: "t1", expects: 5, seen: 8, person: null, done: 0 },
  });
  expect(undoables.value).toEqual([]);
  expect(undone.value?.words).toBe("Undone: 2026-EC-000001 → Bo");
});

test("what may be undone outlives a reload, and what is no entry any more does not", async () => {
  await perform([{ task: task(), act: assign }]);
  const before = undoables.value;
  expect((await loadedAgain()).undoables.value).toEqual(before);
  sessionStorage.setItem("dockhand.undo", JSON.stringify([null, { id: 1 }, 7, ...before]));
  expect((await loadedAgain()).undoables.value).toEqual(before);
  sessionStorage.setItem("dockhand.undo", "{");
  expect((await loadedAgain()).undoables.value).toEqual([]);
});

test("what somebody else did here is not theirs to undo", async () => {
  undoables.value = [{ id: 4, at: Date.now(), by: "night", words: "Theirs", done: [] }];
  await perform([{ task: task(), act: assign }]);
  expect(undoables.value.map(({ id, by }) => [id, by])).toEqual([[5, "chief"]]);
});

test("an undo that comes too late is told in words and not tried again by itself", async () => {
  await perform(["t1", "t2"].map(id => ({ task: task({ id }), act: assign })));
  answer = (_, { task: id }) => (id === "t2" ? refused("work_has_begun", { by: "Bo" }) : APPLIED);
  await undo(undoables.value[0]?.id ?? 0);
  expect(report.value?.of).toBe("undo");
  expect(report.value?.results.map(({ became }) => became)).toEqual(["undone", "refused"]);
  expect(report.value?.results[1]?.words).toContain("Bo has begun");
  expect(asked.length).toBe(4);
});

test("an undo of two steps stops where the first is refused", async () => {
  await perform([{ task: held("ann", { paused: "Break" }), act: assign }]);
  answer = () => refused("stale");
  await undo(undoables.value[0]?.id ?? 0);
  expect(asked.map(({ name }) => name)).toEqual(["floor.reassign_task", "floor.reassign_task"]);
});

test("asked again on the newer task it is done, or it is left as it is", async () => {
  answer = () => refused("stale");
  await perform(["t1", "t2"].map(id => ({ task: task({ id }), act: assign })));
  answer = () => APPLIED;
  await askAgain([{ task: task({ id: "t1", revision: 11 }), act: assign }]);
  expect(asked.at(-1)?.body).toMatchObject({ task: "t1", seen: 11 });
  expect(report.value?.results.map(({ became }) => became)).toEqual(["changed", "done"]);
  leave("t2");
  expect(report.value).toBeNull();
  expect(undoables.value).toHaveLength(1);
});

test("without a connection nothing was asked for, and it says so", async () => {
  answer = () => ({ outcome: "offline" });
  await perform([{ task: task(), act: assign }]);
  expect(report.value?.results[0]?.became).toBe("refused");
  expect(report.value?.results[0]?.words).not.toBe("");
  expect(undoables.value).toEqual([]);
});
