// @vitest-environment node
import { expect, test } from "vitest";
import { held, person, task } from "./fixtures";
import { afterwards, choicesOf, given, included, keepOwn, type Proposals } from "./proposal";
import { toggledSkill, zonesOf } from "./skills";

const TASKS = [task(), task({ id: "t2", expected_s: 0 }), held("ann", { id: "t3" })];
const FOUND: Proposals = {
  ver: 9,
  choices: [
    { task: "t1", person: "ann", why: [{ code: "soonest", n: 9, text: "" }] },
    { task: "t2", person: null, why: [{ code: "all_full", n: 3, text: "" }] },
    { task: "gone", person: "ann", why: [] },
  ],
  loads: [{ person: "ann", held: 1, seconds: 240, pace: { pick: 0.8 } }],
  rules: { unknown_s: 600 },
};

test("what stays in the queue is not included, what is gone is not shown", () => {
  const choices = choicesOf(FOUND, TASKS);
  expect(choices.map(each => [each.task.id, each.person, each.included])).toEqual([
    ["t1", "ann", true],
    ["t2", null, false],
  ]);
});

test("the supervisor's choice replaces the reasons and comes along", () => {
  const choices = given(choicesOf(FOUND, TASKS), "t2", "bo");
  expect(choices[1]).toMatchObject({ person: "bo", why: [], isOwn: true, included: true });
  expect(given(choices, "t2", null)[1]).toMatchObject({ person: null, included: false });
});

test("nothing is given to nobody", () => {
  const choices = choicesOf(FOUND, TASKS);
  expect(included(choices, "t2", true)[1]?.included).toBe(false);
  expect(included(choices, "t1", false)[0]?.included).toBe(false);
});

test("newer proposals leave the supervisor's own choices alone", () => {
  const own = given(choicesOf(FOUND, TASKS), "t1", "bo");
  const newer = keepOwn(choicesOf(FOUND, TASKS), own);
  expect(newer.map(each => each.person)).toEqual(["bo", null]);
});

test("what everybody has then is counted at their own pace, as the list stands", () => {
  const people = [person("ann"), person("bo"), person("cy")];
  const choices = given(choicesOf(FOUND, TASKS), "t2", "bo");
  expect(afterwards(choices, FOUND, people)).toEqual([
    { person: people[0], from: 1, to: 2, minutes: 8 },
    { person: people[1], from: 0, to: 1, minutes: 10 },
  ]);
  const without = included(choices, "t1", false);
  expect(afterwards(without, FOUND, people).map(each => each.person.id)).toEqual(["bo"]);
});

test("zones as they are typed, in any script's commas; a word that is none is refused", () => {
  expect(zonesOf(" A, B，COLD、A ")).toEqual(["A", "B", "COLD"]);
  expect(zonesOf("")).toEqual([]);
  expect(zonesOf("A, küche")).toBeNull();
  expect(toggledSkill(["pick"], "pick")).toEqual([]);
  expect(toggledSkill(["pick"], "count")).toEqual(["pick", "count"]);
});
