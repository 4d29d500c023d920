/**
 * The cart of several orders: which tote stands in which slot, where each piece goes, what is
 * still to sort. Pure: rows and a scan give what follows.
 */
import type { RowTypes } from "../../kernel/contract";
import type { Scan } from "../../scan/resolve";
import { namesItem } from "../floor/item-scan";
import type { Task } from "../floor/tasks";
import type { Line } from "./walk";

export type Tote = RowTypes["tote"];

/** fetch: the cart stands somewhere; load: slots without a tote; sort: after a batch was picked. */
export type Stage = "fetch" | "load" | "walk" | "sort" | "hand_over" | "summary";

export function stageOf(
  task: Task,
  lines: readonly Line[],
  totes: readonly Tote[],
  fetched: boolean,
): Stage {
  const over = lines.length > 0 && lines.every(line => line.state !== "open");
  if (over) return stageAfter(task, lines);
  const begun = lines.some(line => line.state !== "open");
  if (task.mode === "zone" && task.stands && !begun && !fetched) return "fetch";
  const putsAway = task.mode === "cluster" || task.mode === "zone";
  return putsAway && emptySlots(lines, totes).length > 0 ? "load" : "walk";
}

function stageAfter(task: Task, lines: readonly Line[]): Stage {
  if (task.mode === "batch" && toSort(lines).length > 0) return "sort";
  return task.mode === "zone" ? "hand_over" : "summary";
}

/** The totes of one task, by slot. */
export function totesOf(task: string, totes: Iterable<Tote>): Tote[] {
  return [...totes].filter(tote => tote.task === task).sort((a, b) => a.slot - b.slot);
}

/** Slots that something goes into, by number, and have no tote yet. */
export function emptySlots(lines: readonly Line[], totes: readonly Tote[]): Tote[] {
  const used = new Set(lines.filter(({ state }) => state === "open").map(({ slot }) => slot));
  return totes
    .filter(tote => tote.code === null && used.has(tote.slot))
    .sort((a, b) => a.slot - b.slot);
}

/** The next slot of the cart that has no tote: for one that takes over from a full one. */
export function freeSlot(totes: readonly Tote[]): number {
  return Math.max(0, ...totes.map(({ slot }) => slot)) + 1;
}

export type ToteStop = "not_a_tote" | "tote_taken" | "other_tote";

export type ToteReading =
  | { readonly kind: "right"; readonly code: string; readonly isNew: boolean }
  | { readonly kind: "stop"; readonly why: ToteStop; readonly scanned: string };

/** The code on a tote: of its own kind, or any plain text; never an item's or a place's. */
export function toteCode(scan: Scan): string | null {
  if (scan.kind === "tote") return scan.code ?? null;
  return scan.kind === "plain" && scan.text !== "" ? scan.text : null;
}

/** A scan where a tote for this slot is asked: its own one, or a new one for an empty slot. */
export function readTote(tote: Tote, totes: readonly Tote[], scan: Scan): ToteReading {
  const code = toteCode(scan);
  const stop = (why: ToteStop) => ({ kind: "stop", why, scanned: code ?? scan.text }) as const;
  if (code === null) return stop("not_a_tote");
  if (tote.code !== null)
    return code === tote.code ? { kind: "right", code, isNew: false } : stop("other_tote");
  if (totes.some(other => other.code === code)) return stop("tote_taken");
  return { kind: "right", code, isNew: true };
}

/** Whether the scan is a tote of this very cart. */
export function isOfCart(totes: readonly Tote[], scan: Scan): boolean {
  const code = toteCode(scan);
  return code !== null && totes.some(tote => tote.code === code);
}

export function toSort(lines: readonly Line[]): Line[] {
  return lines.filter(line => line.picked > 0 && !line.sorted && line.state !== "cancelled");
}

/** The first line that this item belongs to; `null`: nothing on the cart waits for it. */
export function lineToSort(lines: readonly Line[], scan: Scan): Line | null {
  const waiting = toSort(lines).sort((a, b) => a.slot - b.slot || a.no - b.no);
  const named = waiting.filter(line => namesItem(scan, line));
  return named.find(line => scan.lot !== undefined && line.lot === scan.lot) ?? named[0] ?? null;
}

/** Open lines that one grip in one bin serves: the same item and lot for several orders. */
export function together(ahead: readonly Line[]): Line[] {
  const first = ahead[0];
  if (!first) return [];
  const same = (line: Line) =>
    line.bin === first.bin && line.sku === first.sku && line.lot === first.lot && !line.waits;
  return ahead.filter(same);
}

/** One stop as the picker sees it: the first line, with the pieces of all of them. */
export function asOneStop(lines: readonly Line[]): Line | undefined {
  const first = lines[0];
  if (!first || lines.length === 1) return first;
  return { ...first, qty: lines.reduce((sum, line) => sum + line.qty, 0) };
}

export interface Share {
  readonly line: Line;
  readonly qty: number;
}

/** The lines that so many pieces fill, one after the other; `left`: too few for the next one. */
export function shareOut(lines: readonly Line[], pieces: number): { full: Share[]; left: number } {
  const full: Share[] = [];
  let left = pieces;
  for (const line of lines) {
    if (left < line.qty) break;
    full.push({ line, qty: line.qty });
    left -= line.qty;
  }
  return { full, left };
}
