/**
 * What the device knows at once of a line that came short: it is closed with what was found, and its
 * rest is a line of its own, whose number needs no network. As `server/picking/cures.py`.
 */
import type { RowTypes } from "../kernel/contract";
import type { Draft } from "./index";

type Line = RowTypes["line"];
type Bin = Line["cures"]["bins"][number];
type Item = Line["cures"]["substitutes"][number];

/** The number of a line's rest is the line's own and this. */
export const REST = 10_000;
const HIGHEST = 100_000;

export interface Found {
  task: string;
  line: number;
  found: number;
  reason: string;
}

/** Where the rest comes from; without `at` from the line's own bin. */
export interface Rest {
  qty: number;
  at?: Bin;
  item?: Item;
  waits?: boolean;
}

/** The line as it was while it was open; nothing where it is closed already. */
export function closeShort(draft: Draft, { task, line, found, reason }: Found): Line | undefined {
  const key = `${task}/${line}`;
  const row = draft.get("line", key);
  if (row?.state !== "open") return undefined;
  const picked = Math.min(found, row.qty);
  draft.put("line", key, { ...row, picked, state: "short", reason, waits: false });
  return row;
}

export function openRest(draft: Draft, line: Line, { found }: Found, rest: Rest): void {
  const no = line.no + REST;
  const key = `${line.task}/${no}`;
  const qty = Math.min(rest.qty, line.qty - Math.min(found, line.qty));
  if (qty <= 0 || no > HIGHEST || draft.get("line", key)) return;
  const { qty: _, ...place } = rest.at ?? { qty };
  const { at: __, ...item } = rest.item ?? { at: null };
  const bins = line.cures.bins.filter(bin => bin !== rest.at);
  draft.put("line", key, {
    ...line,
    ...place,
    ...item,
    no,
    qty,
    picked: 0,
    state: "open",
    reason: null,
    seq: no,
    instead_of: line.no,
    waits: rest.waits ?? false,
    held: rest.at ? "" : line.held,
    cures: rest.item
      ? { bins: [], substitutes: [], bulk: 0, empties: false }
      : { ...line.cures, bins, empties: false },
  });
  const task = draft.get("task", line.task);
  if (task) draft.patch("task", line.task, { lines: task.lines + 1 });
}

/** Open lines are walked in this order; others keep their place. */
export function walkBy(draft: Draft, task: string, walk: readonly number[] = []): void {
  [...new Set(walk)].forEach((no, i) => {
    const row = draft.get("line", `${task}/${no}`);
    if (row?.state === "open") draft.put("line", `${task}/${no}`, { ...row, seq: i + 1 });
  });
}

/** The line as before its last step; its rest, if it was not begun, is not wanted any more. */
export function reopen(draft: Draft, task: string, line: number): void {
  const key = `${task}/${line}`;
  const row = draft.get("line", key);
  if (row?.state !== "picked" && row?.state !== "short") return;
  const rest = draft.get("line", `${task}/${line + REST}`);
  if (rest && rest.state !== "open") return;
  draft.put("line", key, { ...row, picked: 0, state: "open", reason: null });
  if (!rest) return;
  draft.drop("line", `${task}/${line + REST}`);
  const held = draft.get("task", task);
  if (held) draft.patch("task", task, { lines: held.lines - 1 });
}
