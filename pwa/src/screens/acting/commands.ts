/** What may be done to the tasks that are selected: key, effect and fitness of each in one place. */
import type { TaskRow } from "../../kernel/contract";
import { type Act, nothingToDo, type What } from "./acts";

export interface Command {
  readonly what: What;
  readonly key: string;
  /** The act itself where nothing has to be asked first. */
  readonly act?: Act;
}

export const COMMANDS: readonly Command[] = [
  { what: "assign", key: "a" },
  { what: "takeBack", key: "t", act: { what: "takeBack" } },
  { what: "pause", key: "p" },
  { what: "resume", key: "g", act: { what: "resume" } },
  { what: "priority", key: "r" },
  { what: "halt", key: "h" },
  { what: "letGo", key: "e", act: { what: "letGo" } },
  { what: "split", key: "s" },
];

/** Whether it would change anything on at least one of them. */
export function fits({ what }: Command, tasks: readonly TaskRow[]): boolean {
  return tasks.some(task => nothingToDo({ what }, task) === undefined);
}
