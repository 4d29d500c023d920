import "fake-indexeddb/auto";
import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n";
import type { WireRow } from "../../kernel/wire";
import { connection, person } from "../../shell";
import { replica } from "../../sync/engine";
import { TaskHome } from "./task-home";

beforeEach(() => {
  chooseLanguage("en");
  person.value = { id: "u1", name: "Ann", roles: ["picker"] };
  connection.value = { online: true };
});
afterEach(cleanup);

function task(id: string, state: "open" | "held", priority: number): WireRow {
  const assignee = state === "held" ? "u1" : null;
  const body = { id, kind: "pick", title: id, state, assignee, priority, due_at: 0, epoch: 1 };
  const rest = { lines: 2, done: 0, expected_s: 60, metres: 0, s_shape_metres: 0, orders: 1 };
  return ["s:main", "task", id, 1, { ...body, ...rest, mode: "single", paused: "", stopped: "" }];
}

function home(...tasks: WireRow[]): void {
  replica.load(tasks, []);
  replica.show(() => true);
  render(<TaskHome title="My work" kinds="pick" pathOf={({ id }) => id} />);
}

test("who has begun a task is led back to it before a more urgent one that waits", () => {
  home(task("URGENT", "open", 90), task("MINE", "held", 10));
  expect(screen.getByTestId("continue").textContent).toContain("MINE");
  expect(screen.queryByTestId("take-next")).toBeNull();
});

test("who holds nothing is offered the most urgent task that waits", () => {
  home(task("LATER", "open", 10), task("URGENT", "open", 90));
  expect(screen.queryByTestId("continue")).toBeNull();
  expect(screen.getByTestId("take-next")).toBeTruthy();
});
