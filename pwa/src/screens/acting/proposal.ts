/** A preview of who could do what, and how it changes under the supervisor's hand: pure. */
import type { PersonRow, TaskRow } from "../../kernel/contract";

export interface Reason {
  code: string;
  n: number;
  text: string;
}

export interface Load {
  person: string;
  held: number;
  seconds: number;
  pace: Readonly<Record<string, number>>;
}

/** As the server proposes it. */
export interface Proposals {
  ver: number;
  choices: readonly { task: string; person: string | null; why: readonly Reason[] }[];
  loads: readonly Load[];
  rules: { unknown_s: number };
}

/** One task of the preview, as it was seen; `why` is empty where the supervisor chose. */
export interface Choice {
  readonly task: TaskRow;
  readonly person: string | null;
  readonly why: readonly Reason[];
  readonly isOwn: boolean;
  readonly included: boolean;
}

/** The server's choices for tasks that are still on show. */
export function choicesOf({ choices }: Proposals, tasks: readonly TaskRow[]): Choice[] {
  const known = new Map(tasks.map(task => [task.id, task]));
  return choices.flatMap(({ task: id, person, why }) => {
    const task = known.get(id);
    return task ? [{ task, person, why, isOwn: false, included: person !== null }] : [];
  });
}

/** Newer choices of the server, with those that the supervisor made themselves. */
export function keepOwn(newer: readonly Choice[], before: readonly Choice[]): Choice[] {
  const own = new Map(before.filter(each => each.isOwn).map(each => [each.task.id, each]));
  return newer.map(choice => own.get(choice.task.id) ?? choice);
}

/** The supervisor gives a task to somebody else, or leaves it in the queue. */
export function given(choices: readonly Choice[], task: string, person: string | null): Choice[] {
  return choices.map(choice =>
    choice.task.id === task
      ? { ...choice, person, why: [], isOwn: true, included: person !== null }
      : choice,
  );
}

export function included(choices: readonly Choice[], task: string, is: boolean): Choice[] {
  return choices.map(choice =>
    choice.task.id === task ? { ...choice, included: is && choice.person !== null } : choice,
  );
}

export interface After {
  readonly person: PersonRow;
  readonly from: number;
  readonly to: number;
  readonly minutes: number;
}

/** What everybody who gets something has in hand then. */
export function afterwards(
  choices: readonly Choice[],
  { loads, rules }: Proposals,
  people: readonly PersonRow[],
): After[] {
  const known = new Map(loads.map(load => [load.person, load]));
  return people.flatMap(person => {
    const mine = choices.filter(each => each.included && each.person === person.id);
    if (mine.length === 0) return [];
    const load = known.get(person.id);
    const more = mine.reduce((sum, { task }) => {
      return sum + (task.expected_s || rules.unknown_s) * (load?.pace[task.kind] ?? 1);
    }, 0);
    const from = load?.held ?? 0;
    const minutes = Math.max(1, Math.round(((load?.seconds ?? 0) + more) / 60));
    return [{ person, from, to: from + mine.length, minutes }];
  });
}
