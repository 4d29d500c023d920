/**
 * Stops that this device has closed. The server takes a finished run off the handheld; the driver
 * still sees here what became of each stop and how far its proof has come.
 */
import { signal } from "@preact/signals";
import type { WireOp } from "../kernel/wire";
import { disk } from "../sync/engine";
import type { Outcome } from "./policy";
import type { Evidence, Stop } from "./shapes";

export interface Closed {
  readonly stop: string;
  readonly run: string;
  readonly seq: number;
  readonly person: string;
  readonly orderNumber: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly receiver: string;
  readonly at: number;
  /** The operation's number on this device. */
  readonly n: number;
  /** SHA-256 of signature and photos. */
  readonly blobs: readonly string[];
  /** Of the record, which a correction names; an older build kept none. */
  readonly hash?: string;
  /** The stop as it was, for a correction after the server has taken the run away. */
  readonly row?: Stop;
}

const NAME = "pod.closed";
const KEEP_MS = 7 * 86_400_000;

/** The oldest first. */
export const closed = signal<readonly Closed[]>([]);

let loaded = false;

export async function loadClosed(): Promise<void> {
  closed.value = (await disk().getMeta<readonly Closed[]>(NAME)) ?? [];
  loaded = true;
}

/** Read once a run of the app. */
export async function closedBefore(): Promise<void> {
  if (!loaded) await loadClosed();
}

/** The list with this stop, for the notes of the operation that closes it. */
export function withClosed(
  stop: Stop,
  record: Evidence,
  hash: string,
  op: WireOp,
): readonly Closed[] {
  const { run, person, outcome, reason, receiver, at } = record;
  const { order_number: orderNumber, name, seq } = stop;
  const blobs = op.refs.map(ref => ref.replace("sha256:", ""));
  const told = { stop: stop.id, run, seq, person, orderNumber, name, outcome, reason, receiver };
  const made: Closed = { ...told, at, n: op.n, blobs, hash, row: stop };
  const others = closed.value.filter(c => c.at > at - KEEP_MS && c.stop !== stop.id);
  return [...others.map(each => lighter(each, at)), made];
}

/** Without the stop's row, which is only for corrections: the list is written with every proof. */
function lighter(before: Closed, at: number): Closed {
  const { row, ...rest } = before;
  return row && at <= before.at + row.policy.correct_ms ? before : rest;
}

export function closedNote(all: readonly Closed[]): Readonly<Record<string, readonly Closed[]>> {
  return { [NAME]: all };
}

/** `recorded` on this device, `sent` to the server without all its evidence, or `complete`. */
export type ProofState = "recorded" | "sent" | "complete" | "lost";

/** `done`: operations up to this number are answered; `states` of blobs by SHA-256. */
export function proofState(
  proof: Pick<Closed, "n" | "blobs">,
  done: number,
  states: ReadonlyMap<string, string>,
): ProofState {
  if (proof.n > done) return "recorded";
  const mine = proof.blobs.map(name => states.get(name) ?? "sent");
  if (mine.includes("lost")) return "lost";
  return mine.includes("waiting") ? "sent" : "complete";
}

export async function blobStates(): Promise<ReadonlyMap<string, string>> {
  const all = await disk().read(db => db.getAll("blobs"));
  return new Map(all.map(blob => [blob.sha256, blob.state]));
}
