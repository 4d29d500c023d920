/** What a wave's walks cost against the S-shape, which everybody knows: pure. */
import type { TaskRow } from "../../kernel/contract";

export interface Gain {
  tasks: number;
  lines: number;
  /** Metres of the planned walks. */
  metres: number;
  /** Metres that S-shape walks would take. */
  sShape: number;
  /** Whole per cent that the plan is shorter; 0 if it is not. */
  saved: number;
}

/** Counts the pick tasks that were not there `before`. */
export function gain(tasks: Iterable<TaskRow>, before: ReadonlySet<string>): Gain {
  const made = [...tasks].filter(({ id, kind }) => kind === "pick" && !before.has(id));
  const total = (of: (task: TaskRow) => number) => made.reduce((sum, task) => sum + of(task), 0);
  const metres = total(task => task.metres);
  const sShape = total(task => task.s_shape_metres);
  return {
    tasks: made.length,
    lines: total(task => task.lines),
    metres,
    sShape,
    saved: savedPercent(metres, sShape),
  };
}

/** Whole per cent by which a walk is shorter than the S-shape; 0 if it is not. */
export function savedPercent(metres: number, sShape: number): number {
  return sShape > metres ? Math.round((100 * (sShape - metres)) / sShape) : 0;
}
