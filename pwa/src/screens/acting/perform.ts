/** Asks the server for each act, keeps what may be undone, and says what became of all of it. */
import { signal } from "@preact/signals";
import { t } from "../../i18n";
import type { TaskRow } from "../../kernel/contract";
import { dispatch, type Outcome, submit } from "../../sync";
import { announce } from "../../ui";
import { refusalWords } from "../desk/ask";
import { type Act, nothingToDo, type Step, stepOf, undoOf } from "./acts";
import { keep, take } from "./undoables";
import { allWords } from "./words";

/** An act on a task as the supervisor saw it. */
export interface Asked {
  readonly task: TaskRow;
  readonly act: Act;
}

export type Became = "done" | "undone" | "changed" | "refused" | "nothing";

export interface Result {
  readonly asked: Asked;
  readonly became: Became;
  /** Why not, in words; empty where it was done. */
  readonly words: string;
}

export interface Report {
  readonly of: "act" | "undo";
  readonly results: readonly Result[];
}

/** What is to be looked at because not all of it was done. */
export const report = signal<Report | null>(null);
/** What was undone last, and when. */
export const undone = signal<{ words: string; at: number } | null>(null);

/** Each on its own; the last to be answered ends it. Never rejects for what the server refuses. */
export async function perform(asked: readonly Asked[]): Promise<readonly Result[]> {
  const results = await Promise.all(asked.map(one));
  remember(results);
  tell({ of: "act", results });
  return results;
}

async function one(asked: Asked): Promise<Result> {
  const nothing = nothingToDo(asked.act, asked.task);
  if (nothing) return { asked, became: "nothing", words: t(`acting.nothing_${nothing}`) };
  return judged(asked, await run([stepOf(asked.act, asked.task)]), "done");
}

/** Undoes all of it that the floor has left as it was. */
export async function undo(id: number): Promise<void> {
  const entry = take(id);
  if (!entry) return;
  const results = await Promise.all(
    entry.done.map(async asked =>
      judged(asked, await run(undoOf(asked.act, asked.task)), "undone"),
    ),
  );
  tell({ of: "undo", results });
}

/** Asks again for what is in the report, on the tasks as they are now. */
export async function askAgain(asked: readonly Asked[]): Promise<void> {
  const before = report.value;
  const ids = new Set(asked.map(({ task }) => task.id));
  const results = await Promise.all(asked.map(one));
  remember(results);
  const others = before?.results.filter(result => !ids.has(result.asked.task.id)) ?? [];
  tell({ of: "act", results: [...others, ...results] });
}

/** The task stays as it is now; with nothing left to decide the report goes. */
export function leave(task: string): void {
  const now = report.value;
  if (!now) return;
  const results = now.results.filter(result => result.asked.task.id !== task);
  report.value = results.some(isOpen) ? { ...now, results } : null;
}

export function isOpen({ became }: Result): boolean {
  return became !== "done" && became !== "undone";
}

async function run(steps: readonly Step[]): Promise<Outcome> {
  let outcome: Outcome = { outcome: "applied" };
  for (const { name, body } of steps) {
    outcome = await submit(name, body as never);
    if (outcome.outcome !== "applied") break;
  }
  // Told where it was asked for, it need not stand among this device's notices too.
  if ("n" in outcome) void dispatch("floor.acknowledge", { n: outcome.n });
  return outcome;
}

const OF_ANOTHER: ReadonlySet<string> = new Set(["stale", "task_is_over", "not_found"]);

function judged(asked: Asked, outcome: Outcome, good: Became): Result {
  const words = refusalWords(outcome);
  if (!words) return { asked, became: good, words: "" };
  const changed = "code" in outcome && OF_ANOTHER.has(outcome.code);
  return { asked, became: changed ? "changed" : "refused", words };
}

function remember(results: readonly Result[]): void {
  const done = results.filter(({ became }) => became === "done").map(({ asked }) => asked);
  keep(done, allWords(done));
}

/**
 * All well: it stands in the list of what may be undone and is read out. Otherwise the whole of it,
 * until somebody has read it. No toast: it would cover the people that tasks are dragged to.
 */
function tell(made: Report): void {
  const { of, results } = made;
  if (results.some(isOpen)) {
    report.value = made;
    return;
  }
  report.value = null;
  const words = allWords(results.map(({ asked }) => asked));
  const said = of === "undo" ? t("acting.undone", { what: words }) : words;
  undone.value = of === "undo" ? { words: said, at: Date.now() } : null;
  announce(said);
}
