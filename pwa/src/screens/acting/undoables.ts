/** What may still be undone: kept for as long as the tab is open, so that a reload loses none. */
import { signal } from "@preact/signals";
import { session } from "../../sync";
import type { Asked } from "./perform";

export interface Undoable {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly words: string;
  readonly done: readonly Asked[];
}

/** So long may an act be undone, in ms; the floor's own moving on ends it sooner. */
export const UNDO_MS = 10 * 60_000;
const MOST = 5;
const PLACE = "dockhand.undo";

export const undoables = signal<readonly Undoable[]>(read());
undoables.subscribe(all => sessionStorage.setItem(PLACE, JSON.stringify(all)));

/** The newest first; what another person did here before goes. */
export function keep(done: readonly Asked[], words: string): void {
  if (done.length === 0) return;
  const by = session.value?.person ?? "";
  const before = undoables.value;
  const id = 1 + Math.max(0, ...before.map(each => each.id));
  const own = before.filter(each => each.by === by);
  undoables.value = [{ id, at: Date.now(), by, words, done }, ...own].slice(0, MOST);
}

/** Takes it off the list; nothing if it is not there any more. */
export function take(id: number): Undoable | undefined {
  const entry = undoables.value.find(each => each.id === id);
  if (entry) undoables.value = undoables.value.filter(each => each !== entry);
  return entry;
}

/** What cannot be read any more cannot be undone from here. */
function read(): readonly Undoable[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isUndoable) : [];
  } catch {
    return [];
  }
}

function isUndoable(each: Partial<Undoable> | null): each is Undoable {
  return typeof each?.id === "number" && typeof each.at === "number" && Array.isArray(each.done);
}
