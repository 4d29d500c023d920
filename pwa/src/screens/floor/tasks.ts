/** Which tasks a person sees, in which order, and how one is taken. */
import type { RowTypes } from "../../kernel/contract";
import { dispatch, type Outcome, submit } from "../../sync";

export type Task = RowTypes["task"];

/** Most urgent first: priority, then the earlier due time; ties by age, which ids tell. */
export function byUrgency(a: Task, b: Task): number {
  return b.priority - a.priority || a.due_at - b.due_at || (a.id < b.id ? -1 : 1);
}

export function isHeldBy(task: Task | undefined, person: string | undefined): boolean {
  return task !== undefined && task.state === "held" && task.assignee === person;
}

/** One kind of task, or several that the same people do. */
export type Kinds = string | readonly string[];

export function heldTasks(tasks: readonly Task[], kinds: Kinds, person: string): Task[] {
  return tasks.filter(t => isOf(t, kinds) && isHeldBy(t, person)).sort(byUrgency);
}

export function waitingTasks(tasks: readonly Task[], kinds: Kinds): Task[] {
  return tasks.filter(t => isOf(t, kinds) && t.state === "open").sort(byUrgency);
}

function isOf({ kind }: Task, kinds: Kinds): boolean {
  return typeof kinds === "string" ? kind === kinds : kinds.includes(kind);
}

/** Why a request was not done; `null` when it was. */
export type Told = { code: string; data: Record<string, string | number> } | null;

export async function takeTask(task: Task): Promise<Told> {
  return tell(await submit("floor.take_task", { task: task.id, expects: task.epoch }));
}

export async function giveBack(task: string): Promise<Told> {
  return tell(await submit("floor.release_task", { task }));
}

/** Parked, with the reason in words; it stays its holder's. */
export async function pauseTask({ id, epoch }: Task, reason: string): Promise<Told> {
  return tell(await submit("floor.pause_task", { task: id, expects: epoch, reason }));
}

export async function resumeTask({ id, epoch }: Task): Promise<Told> {
  return tell(await submit("floor.resume_task", { task: id, expects: epoch }));
}

/** The server's shortest walk past what is open, from this bin or where the last line was closed. */
export async function rerouteTask({ id, epoch }: Task, bin: string | undefined): Promise<Told> {
  const asked = { task: id, expects: epoch, ...(bin !== undefined && { bin }) };
  return tell(await submit("picking.reroute", asked));
}

/** A refusal shown where it was asked for need not stand in the attention tray as well. */
async function tell(outcome: Outcome): Promise<Told> {
  if (outcome.outcome === "applied") return null;
  if (!("n" in outcome)) return { code: "offline", data: {} };
  await dispatch("floor.acknowledge", { n: outcome.n });
  return { code: outcome.code, data: words(outcome.data) };
}

/** The values of an answer that a sentence can hold. */
export function words(data: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const said = Object.entries(data).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return Object.fromEntries(said);
}
