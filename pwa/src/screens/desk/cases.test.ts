// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { DiscrepancyRow } from "../../kernel/contract";
import {
  type CaseFilter,
  overdue,
  readFilter,
  reminderKey,
  reminders,
  shownCases,
  timeLeft,
  writeFilter,
} from "./cases";

const MIN = 60_000;
const NOW = 1_790_000_000_000;
const ALL: CaseFilter = { level: "", kind: "", owner: "", overdue: false, text: "" };

function row(id: string, fields: Partial<DiscrepancyRow> = {}): DiscrepancyRow {
  return {
    id,
    kind: "short_pick",
    at: NOW,
    level: 1,
    since: NOW,
    due_at: NOW + 30 * MIN,
    reminded: 0,
    owner: null,
    ...fields,
  } as DiscrepancyRow;
}

function shown(cases: DiscrepancyRow[], filter: Partial<CaseFilter>): string[] {
  const known = { me: "me", now: NOW, words: ({ kind, id }: DiscrepancyRow) => `${kind} ${id}` };
  return shownCases(cases, { ...ALL, ...filter }, known).map(({ id }) => id);
}

test("from half of its time on a case is worth a look, at its end it is overdue", () => {
  const about = { since: NOW, due_at: NOW + 30 * MIN };
  expect(timeLeft(about, NOW + 15 * MIN - 1).kind).toBe("later");
  expect(timeLeft(about, NOW + 15 * MIN)).toEqual({ kind: "soon", ms: 15 * MIN });
  expect(timeLeft(about, NOW + 30 * MIN)).toEqual({ kind: "overdue", ms: 0 });
  expect(timeLeft(about, NOW + 45 * MIN)).toEqual({ kind: "overdue", ms: 15 * MIN });
});

describe("the list", () => {
  const cases = [
    row("late", { due_at: NOW - 1, level: 2, owner: "me" }),
    row("due", { due_at: NOW, owner: "other" }),
    row("soon", { due_at: NOW + 1, kind: "put_back" }),
    row("later", { level: 3, owner: "other" }),
  ];

  test("puts those due first at the top, and of equals the older one", () => {
    expect(shown(cases.toReversed(), {})).toEqual(["late", "due", "soon", "later"]);
    expect(shown([row("b"), row("a"), row("old", { at: NOW - 1 })], {})).toEqual(["old", "a", "b"]);
  });

  test("is narrowed by level, kind, owner, time and words", () => {
    expect(shown(cases, { level: "3" })).toEqual(["later"]);
    expect(shown(cases, { kind: "put_back" })).toEqual(["soon"]);
    expect(shown(cases, { owner: "me" })).toEqual(["late"]);
    expect(shown(cases, { owner: "nobody" })).toEqual(["soon"]);
    expect(shown(cases, { owner: "other" })).toEqual(["due", "later"]);
    expect(shown(cases, { overdue: true })).toEqual(["late", "due"]);
    expect(shown(cases, { text: " PICK  due " })).toEqual(["due"]);
    expect(shown(cases, { overdue: true, owner: "other", level: "3" })).toEqual([]);
  });

  test("counts what is overdue", () => {
    expect(overdue(cases, NOW).map(({ id }) => id)).toEqual(["late", "due"]);
  });
});

test("a filter survives the address", () => {
  const filter = { level: "2", kind: "put_back", owner: "me", overdue: true, text: "A & B" };
  expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
  expect(writeFilter(ALL)).toBe("");
});

describe("reminders", () => {
  const mine = row("mine", { owner: "me", reminded: 50 });
  const others = row("others", { owner: "other", reminded: 50 });
  const quiet = row("quiet", { owner: "me" });
  const ids = (rows: DiscrepancyRow[]) => rows.map(({ id }) => id);

  test("tell the owner of their own, and those who lead of all", () => {
    expect(ids(reminders([mine, others, quiet], new Map(), "me", false))).toEqual(["mine"]);
    expect(ids(reminders([mine, others, quiet], new Map(), "me", true))).toEqual([
      "mine",
      "others",
    ]);
  });

  test("tell each once, and again when more of the time or another level's is over", () => {
    const told = new Map([["mine", reminderKey(mine)]]);
    expect(reminders([mine], told, "me", true)).toEqual([]);
    expect(ids(reminders([{ ...mine, reminded: 100 }], told, "me", true))).toEqual(["mine"]);
    expect(ids(reminders([{ ...mine, level: 2, since: NOW + 1 }], told, "me", true))).toEqual([
      "mine",
    ]);
  });
});
