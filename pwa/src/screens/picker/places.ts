/** Paths of the picker's screens. */
export const HOME = "/picker";

export function taskPath(task: string): string {
  return `${HOME}/task/${encodeURIComponent(task)}`;
}

/** `found`: how many were typed already. */
export function shortPath(line: { task: string; no: number }, found?: number): string {
  const query = found === undefined ? "" : `?found=${found}`;
  return `${taskPath(line.task)}/short/${line.no}${query}`;
}
