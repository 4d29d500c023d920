/** What a supervisor may do to a task, what takes it back, and when there is nothing to do: pure. */
import type { OpArgs, OpName, TaskRow } from "../../kernel/contract";

export type Act =
  | { readonly what: "assign"; readonly person: string; readonly name: string }
  | { readonly what: "takeBack" }
  | { readonly what: "pause"; readonly reason: string }
  | { readonly what: "resume" }
  | { readonly what: "priority"; readonly priority: number }
  | { readonly what: "halt"; readonly reason: string }
  | { readonly what: "letGo" }
  | { readonly what: "split"; readonly person: string | null };

export type What = Act["what"];

/** One operation. */
export type Step = { [N in OpName]: { readonly name: N; readonly body: OpArgs[N] } }[OpName];

/** Why there is nothing to ask for; words under `acting.nothing_…`. */
export type Nothing = "over" | "same" | "waits" | "notHeld" | "orderHold" | "tooFew";

/** The lease and the decision that the asker saw. */
interface Seen {
  readonly task: string;
  readonly expects: number;
  readonly seen: number;
}

function seenOf(task: TaskRow): Seen {
  return { task: task.id, expects: task.epoch, seen: task.revision };
}

/** The operation for an act on the task as it was seen. */
export function stepOf(act: Act, task: TaskRow): Step {
  const seen = seenOf(task);
  switch (act.what) {
    case "assign":
      return { name: "floor.reassign_task", body: { ...seen, person: act.person } };
    case "takeBack":
      return { name: "floor.reassign_task", body: { ...seen, person: null } };
    case "pause":
      return { name: "floor.pause_task", body: { ...seen, reason: act.reason } };
    case "resume":
      return { name: "floor.resume_task", body: seen };
    case "priority":
      return { name: "floor.prioritise_task", body: { ...seen, priority: act.priority } };
    case "halt":
      return { name: "floor.halt_task", body: { ...seen, reason: act.reason } };
    case "letGo":
      return { name: "floor.let_task_go", body: seen };
    case "split":
      return { name: "picking.split_task", body: { ...seen, person: act.person } };
  }
}

/**
 * The operations that make an act undone, for the task as it was before. Each act is one decision,
 * and a change of hands one epoch: if anybody has decided anything since, they are refused.
 */
export function undoOf(act: Act, before: TaskRow): Step[] {
  const { id: task, epoch, revision, assignee, done, paused, priority, stopped } = before;
  const after = { task, expects: epoch, seen: revision + 1 };
  switch (act.what) {
    case "assign":
    case "takeBack": {
      const moved = { ...after, expects: epoch + 1 };
      const back: Step = {
        name: "floor.reassign_task",
        body: { ...moved, person: assignee, done },
      };
      if (!paused) return [back];
      const parked = { task, expects: epoch + 2, seen: revision + 2, reason: paused };
      return [back, { name: "floor.pause_task", body: parked }];
    }
    case "pause":
      return [{ name: "floor.resume_task", body: after }];
    case "resume":
      return [{ name: "floor.pause_task", body: { ...after, reason: paused } }];
    case "priority":
      return [{ name: "floor.prioritise_task", body: { ...after, priority } }];
    case "halt":
      return [{ name: "floor.let_task_go", body: after }];
    case "letGo":
      return [{ name: "floor.halt_task", body: { ...after, reason: stopped } }];
    case "split":
      return [{ name: "picking.join_tasks", body: after }];
  }
}

/** Why an act would change nothing on this task; `undefined` when it would. */
export function nothingToDo(act: Act | { what: What }, task: TaskRow): Nothing | undefined {
  if (task.state === "done" || task.state === "cancelled") return "over";
  switch (act.what) {
    case "assign":
      if (task.state === "waiting") return "waits";
      return "person" in act && act.person === task.assignee ? "same" : undefined;
    case "takeBack":
      return task.assignee === null ? "same" : undefined;
    case "pause":
      if (task.state !== "held") return "notHeld";
      return task.paused ? "same" : undefined;
    case "resume":
      return task.paused ? undefined : "same";
    case "priority":
      return "priority" in act && act.priority === task.priority ? "same" : undefined;
    case "halt":
      return task.halted ? "same" : undefined;
    case "letGo":
      if (task.halted) return undefined;
      return task.stopped ? "orderHold" : "same";
    case "split":
      return task.kind === "pick" && task.lines - task.done > 1 ? undefined : "tooFew";
  }
}

export type Field = "who" | "state" | "priority" | "lines";
const FIELDS: readonly Field[] = ["who", "state", "priority", "lines"];

function value(task: TaskRow, field: Field): string {
  if (field === "who") return task.assignee ?? "";
  if (field === "state") return [task.state, task.paused, task.stopped].join("\n");
  return field === "priority" ? String(task.priority) : `${task.done}/${task.lines}`;
}

/** What is to be compared of a task, and which of it has become another since. */
export function differences(before: TaskRow, now: TaskRow): { field: Field; changed: boolean }[] {
  return FIELDS.map(field => ({ field, changed: value(before, field) !== value(now, field) }));
}

export interface Filter {
  text: string;
  /** A kind of task, or empty for all. */
  kind: string;
  /** Somebody's id, `-` for nobody, or empty for all. */
  who: string;
}

export function matching(tasks: readonly TaskRow[], { text, kind, who }: Filter): TaskRow[] {
  const wanted = text.trim().toLowerCase();
  return tasks.filter(
    task =>
      (kind === "" || task.kind === kind) &&
      (who === "" || (task.assignee ?? "-") === who) &&
      (wanted === "" || haystack(task).includes(wanted)),
  );
}

function haystack({ title, zone, assignee_name, ref }: TaskRow): string {
  return `${title}\n${zone}\n${assignee_name ?? ""}\n${ref}`.toLowerCase();
}
