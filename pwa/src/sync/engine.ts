/** Puts the parts together: what the screens call to read rows and to say what happened. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { OpArgs, OpName, ResultRow } from "../kernel/contract";
import { request } from "../kernel/http";
import { stamp } from "../kernel/stamp";
import type { WireOp } from "../kernel/wire";
import { ownEntry } from "../ops";
import type { PreparedBlob } from "../outbox/blob";
import { createOutbox, type Notes, type Outbox } from "../outbox/outbox";
import { KEEP_MS, keepReserve, prune } from "../outbox/space";
import { NotSaved, openStorage, type Storage } from "../outbox/storage";
import { becomeWriter } from "../outbox/writer";
import { Replica } from "../replica/view";
import { connection, mayUpdate, notSaved, oldestUnsent, unsent } from "../shell";
import { answeredBefore } from "./adopt";
import { BlobSender } from "./blobs";
import { initial } from "./core";
import { load, type Opened } from "./disk";
import { type Proved, SyncShell } from "./shell";
import type { State } from "./state";
import { doneUpTo, loading, phase, stopped } from "./status";

const HOUSEKEEPING_MS = 3_600_000;

/** Who works now; auth sets it. Operations are stamped with it and the frame names it. */
export const session = signal<{ sid: string; person: string } | null>(null);

/** The server has ended `session`; auth then asks for the PIN again. */
export const sessionEnded = signal(false);

export const replica = new Replica();

/** How this device and the server know each other: auth's part, given at the start. */
export interface Identity {
  /** Proves the device to the server anew; the code when it was turned away for good. */
  readonly authenticate: (storage: Storage) => Promise<Proved>;
  /** Whether the server still knows this browser although its storage is empty. */
  readonly lost: () => Promise<boolean>;
}

let identity: Identity | null = null;

let storage: Storage | null = null;
let outbox: Outbox | null = null;
let shell: SyncShell | null = null;
let blobs: BlobSender | null = null;
let housekeeping: ReturnType<typeof setTimeout> | undefined;

/** The device's disk; only after `start()`. */
export function disk(): Storage {
  if (!storage) throw new NotSaved("other_tab");
  return storage;
}

/** Becomes the writing tab and loads what is on the disk, if enrolled. */
export async function start(known: Identity, database = "dockhand"): Promise<void> {
  identity = known;
  try {
    await becomeWriter(() => {
      phase.value = "other_tab";
    });
    storage = await openStorage(database);
    await resume();
  } catch {
    phase.value = "failed";
  }
}

/** Loads the disk of an enrolled device; auth calls it again after `enrol`. */
export async function resume(): Promise<void> {
  const opened = await load(disk());
  if (!opened) {
    phase.value = (await identity?.lost()) ? "cleared" : "unenrolled";
    return;
  }
  run(disk(), opened);
  phase.value = "running";
  void keepHouse();
  // Each start of the app renews the device's session; without an answer nothing is lost.
  void request("/auth/me", { method: "GET" });
}

function run(open: Storage, opened: Opened): void {
  shell?.stop();
  const { durable, ops, rows, lastN } = opened;
  replica.load(rows, ops);
  showRowsOf(session.value?.person);
  const state = initial(durable, ops, lastN, session.value?.sid ?? null, __APP_VERSION__);
  blobs = new BlobSender(open, () => connection.value.online && unsent.value === 0);
  shell = new SyncShell(state, {
    storage: open,
    replica,
    authenticate: async () => (await identity?.authenticate(open)) ?? { ok: false },
    onState: publish,
  });
  outbox = createOutbox(open, saved);
  publish(state);
}

/** Begins the exchange: once it is known who works, for the answer is what that person may see. */
export function begin(): void {
  shell?.post({ t: "start" });
}

/** On the disk: fold first, so that what turns green is what the rows say. */
function saved(ops: readonly WireOp[]): void {
  replica.add(ops);
  count();
  shell?.post({ t: "queued", ops });
}

function count(): void {
  unsent.value = replica.pending.length;
  oldestUnsent.value = replica.pending[0]?.at ?? null;
}

function publish(state: State): void {
  count();
  const { online, since } = state;
  const now = connection.value;
  if (now.online !== online || (!now.online && now.since !== since))
    connection.value = online ? { online } : { online, since };
  stopped.value = state.stopped;
  loading.value = state.durable.more;
  doneUpTo.value = state.durable.done;
  mayUpdate.value = state.pending.length === 0 || state.stopped?.code === "too_old";
  sessionEnded.value = hasEnded(state);
  if (online && state.pending.length === 0) void blobs?.wake();
}

/**
 * Whether the server has ended the sign-in of who works now: it was asked in their name and showed
 * none of their rows. What they did meanwhile is taken all the same.
 */
function hasEnded(state: State): boolean {
  const now = session.value;
  if (!now || state.durable.more || state.answeredSid !== now.sid) return false;
  return !(`u:${now.person}` in state.durable.cur);
}

/**
 * Says that something happened. Resolves when it is on the disk and folded into the rows: only then
 * may anything turn green or beep. Rejects with `NotSaved`, and the full-screen stop comes up.
 */
export async function dispatch<N extends OpName>(
  name: N,
  body: OpArgs[N],
  evidence: readonly PreparedBlob[] = [],
  notes?: Notes,
): Promise<WireOp> {
  try {
    if (!outbox) throw new NotSaved("other_tab");
    const { version } = ownEntry(name);
    const refs = evidence.map(blob => blob.ref);
    const op = await outbox.put(
      stamp(name, version, body, session.value?.sid ?? null, refs),
      evidence,
      notes,
    );
    notSaved.value = false;
    return op;
  } catch (error) {
    // A photo that finds no room is refused on its own screen; everything else stops the work.
    notSaved.value = !(error instanceof NotSaved && error.reason === "no_space" && evidence[0]);
    throw error;
  }
}

export type Outcome = { outcome: "applied" } | { outcome: "offline" } | ResultRow;

/**
 * Asks the server for something (a request: reassign, release, plan) and waits for what became of
 * it. Without a connection nothing is queued and the outcome is `offline`.
 */
export async function submit<N extends OpName>(name: N, body: OpArgs[N]): Promise<Outcome> {
  if (ownEntry(name).kind === "request" && !connection.value.online) return { outcome: "offline" };
  const { n } = await dispatch(name, body);
  await until(() => doneUpTo.value >= n, doneUpTo);
  return replica.row("result", String(n)).value ?? { outcome: "applied" };
}

function until<T>(met: () => boolean, on: ReadonlySignal<T>): Promise<void> {
  return new Promise(resolve => {
    let dispose: (() => void) | null = null;
    dispose = on.subscribe(() => {
      if (!met()) return;
      // Disposed later: the first call comes before `subscribe` has returned.
      queueMicrotask(() => dispose?.());
      resolve();
    });
  });
}

/** One operation of this device while its disk still keeps it, answered or not. */
export function opNumbered(n: number): Promise<WireOp | undefined> {
  return disk().read(db => db.get("ops", n));
}

/** Auth tells who works now: their rows come on show, others' go. */
export function setSession(next: { sid: string; person: string } | null): void {
  session.value = next;
  showRowsOf(next?.person);
  shell?.post({ t: "person", sid: next?.sid ?? null });
}

/** With nobody at work only the device's own notices are on show. */
function showRowsOf(person: string | undefined): void {
  const own = person !== undefined;
  replica.show(scope => {
    if (scope.startsWith("d:")) return true;
    return scope.startsWith("u:") ? scope === `u:${person}` : own;
  });
}

/** The newest operation of that name on the disk, answered or not: proofs of delivery chain on it. */
export async function lastOp(name: OpName): Promise<WireOp | undefined> {
  const ops = await disk().read(db => db.getAll("ops"));
  return ops.findLast(op => op.k === name);
}

/** Passes on what the browser says about the network and about being looked at. */
export function listen(): void {
  addEventListener("online", () => shell?.post({ t: "online" }));
  addEventListener("offline", () => shell?.post({ t: "offline" }));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) shell?.post({ t: "visible" });
  });
}

/** From the first minute on: a device that was enrolled just now needs its reserve as well. */
async function keepHouse(): Promise<void> {
  clearTimeout(housekeeping);
  housekeeping = setTimeout(keepHouse, HOUSEKEEPING_MS);
  if (!shell) return;
  const now = Date.now();
  const { durable } = shell.state;
  await prune(disk(), answeredBefore(durable.answered, now - KEEP_MS), now).catch(() => {});
  await keepReserve(disk()).catch(() => {});
  await navigator.storage?.persist?.().catch(() => false);
}
