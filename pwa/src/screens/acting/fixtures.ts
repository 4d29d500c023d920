/** A task as tests need one. */
import type { PersonRow, TaskRow } from "../../kernel/contract";

export function task(fields: Partial<TaskRow> = {}): TaskRow {
  return {
    id: "t1",
    kind: "pick",
    state: "open",
    epoch: 4,
    assignee: null,
    assignee_name: null,
    title: "2026-EC-000001",
    ref: "o1",
    zone: "",
    priority: 40,
    due_at: 0,
    expected_s: 300,
    lines: 3,
    done: 0,
    mode: "single",
    orders: 1,
    after: null,
    paused: "",
    stopped: "",
    halted: false,
    revision: 7,
    stands: "",
    metres: 0,
    s_shape_metres: 0,
    policy: "",
    taken_at: null,
    ...fields,
  };
}

export function held(by: string, fields: Partial<TaskRow> = {}): TaskRow {
  return task({ state: "held", assignee: by, assignee_name: by.toUpperCase(), ...fields });
}

export function person(id: string, role = "picker"): PersonRow {
  return { id, name: id.toUpperCase(), role, lang: "en", active: true };
}
