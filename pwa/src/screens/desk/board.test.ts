// @vitest-environment node
import { expect, test } from "vitest";
import type { OrderRow, PersonRow, TaskRow } from "../../kernel/contract";
import { candidates, figures, shownTasks } from "./board";
import { knownDevices } from "./devices";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

function order(fields: Partial<OrderRow>): OrderRow {
  return {
    id: "o1",
    number: "2026-EC-000001",
    ref: "R-1",
    customer: "C1",
    customer_name: "Corner Shop",
    state: "released",
    type: "standard",
    transport: "",
    priority: 40,
    lines: 4,
    pieces: 9,
    picked: 0,
    due_at: NOW + 10 * HOUR,
    placed_at: NOW - HOUR,
    changed_at: NOW,
    eta: null,
    delayed: false,
    wave: 0,
    carrier: "",
    ...fields,
  };
}

function task(fields: Partial<TaskRow>): TaskRow {
  return {
    id: "t1",
    kind: "pick",
    state: "open",
    epoch: 0,
    assignee: null,
    assignee_name: null,
    title: "2026-EC-000001",
    ref: "o1",
    zone: "",
    priority: 40,
    due_at: NOW,
    expected_s: 60,
    lines: 4,
    done: 0,
    mode: "single",
    orders: 1,
    after: null,
    stands: "",
    paused: "",
    stopped: "",
    halted: false,
    revision: 0,
    metres: 80,
    s_shape_metres: 100,
    policy: "optimal",
    taken_at: null,
    ...fields,
  };
}

test("only released orders count for the lines picked, and no line counts twice", () => {
  const orders = [
    order({ picked: 2 }),
    order({ state: "picked", picked: 6 }),
    order({ state: "confirmed" }),
    order({ state: "cancelled", picked: 1 }),
  ];
  expect(figures(orders, [], [], NOW).picked).toBe(75);
  expect(figures([order({ state: "confirmed" })], [], [], NOW).picked).toBeNull();
});

test("a hold takes no picked line away", () => {
  const held = order({ state: "hold", wave: 1, picked: 2 });
  const before = figures([order({ wave: 1, picked: 2 })], [], [], NOW).picked;
  expect(before).toBeGreaterThan(0);
  expect(figures([held], [], [], NOW).picked).toBe(before);
  expect(figures([order({ state: "hold", wave: 0 })], [], [], NOW).picked).toBeNull();
});

test("what is late and what will be are two figures", () => {
  const orders = [
    order({ id: "late", due_at: NOW - HOUR }),
    order({ id: "will", due_at: NOW + HOUR }),
    order({ id: "well", due_at: NOW + HOUR }),
  ];
  const forecasts = new Map([
    ["will", { at: NOW + 2 * HOUR }],
    ["well", { at: NOW + HOUR }],
  ]);
  const f = figures(orders, [], [], NOW, forecasts);
  expect([f.late, f.willBeLate]).toEqual([1, 1]);
});

test("a device that has said nothing for a minute is not on-line, whatever it said last", () => {
  const last = (seen_at: number) => ({
    device: "",
    online: true,
    person: null,
    seen_at,
    unsent: 0,
    oldest: null,
    battery: null,
    lat_e7: null,
    lon_e7: null,
  });
  const devices = knownDevices(
    new Map(),
    new Map([
      ["here", last(NOW)],
      ["gone", last(NOW - 61_000)],
    ]),
  );
  expect(devices.map(({ id, online }) => [id, online])).toEqual([
    ["here", true],
    ["gone", false],
  ]);
});

test("the floor's unsent actions are those of devices in use, and the oldest tells its age", () => {
  const name = (state: string) => ({ name: "Handheld", state, enrolled: 1, revoked: null });
  const last = (unsent: number, oldest: number | null, online: boolean) => ({
    device: "",
    online,
    person: "p1",
    seen_at: NOW,
    unsent,
    oldest,
    battery: null,
    lat_e7: null,
    lon_e7: null,
  });
  const devices = knownDevices(
    new Map([
      ["a", name("active")],
      ["b", name("active")],
      ["c", name("revoked")],
      ["d", name("active")],
    ]),
    new Map([
      ["a", last(3, NOW - 2 * HOUR, false)],
      ["b", last(1, NOW - HOUR, true)],
      ["c", last(9, NOW - 9 * HOUR, true)],
    ]),
  );
  expect(devices.map(({ id }) => id)).toEqual(["b", "a", "d", "c"]);
  const f = figures([], [task({}), task({ state: "held" })], devices, NOW);
  expect([f.online, f.devices, f.unsent, f.oldest]).toEqual([1, 3, 4, NOW - 2 * HOUR]);
  expect([f.tasksOpen, f.tasksHeld]).toEqual([1, 1]);
});

test("work in hand stands before what waits, urgent before the rest, and the past on demand", () => {
  const tasks = [
    task({ id: "done", state: "done" }),
    task({ id: "open" }),
    task({ id: "urgent", priority: 80 }),
    task({ id: "held", state: "held" }),
  ];
  expect(shownTasks(tasks, false).map(({ id }) => id)).toEqual(["held", "urgent", "open"]);
  expect(shownTasks(tasks, true).map(({ id }) => id)).toEqual(["held", "urgent", "open", "done"]);
});

test("a task goes to people of its kind of work and to supervisors, never to who has left", () => {
  const person = (id: string, role: string, active = true): PersonRow => ({
    id,
    name: id,
    role,
    lang: "en",
    active,
  });
  const people = [
    person("packer", "packer"),
    person("picker", "picker"),
    person("gone", "picker", false),
    person("boss", "supervisor"),
    person("desk", "service"),
  ];
  expect(candidates(people, "pick").map(({ id }) => id)).toEqual(["boss", "picker"]);
  expect(candidates(people, "drive").map(({ id }) => id)).toEqual(["boss"]);
});
