/** What sync keeps on the device's disk, each change in one transaction. */
import type { WireOp, WireRow } from "../kernel/wire";
import { issue, NotSaved, type Storage, type WriteTx } from "../outbox/storage";
import type { Change, Durable } from "./state";

const SYNC = "sync";

export interface Opened {
  readonly durable: Durable;
  readonly ops: readonly WireOp[];
  readonly rows: readonly WireRow[];
  readonly lastN: number;
}

export function fresh(device: string, epoch: string): Durable {
  return { device, epoch, cur: {}, done: 0, seen: 0, more: true, answered: [] };
}

/**
 * Makes this disk the disk of `device`, whose first operation will be number 1. What another life
 * of the disk left behind goes: its operations have been shown to a person before.
 */
export async function found(storage: Storage, durable: Durable, device: object): Promise<void> {
  await storage.write(["meta", "ops", "rows"], async tx => {
    const meta = tx.objectStore("meta");
    await issue([
      () => tx.objectStore("ops").clear(),
      () => tx.objectStore("rows").clear(),
      () => meta.put(durable, SYNC),
      () => meta.put(device, "device"),
      () => meta.put(1, "next_n"),
    ]);
  });
}

/** Everything that the app needs to go on where it was; `null` before the device is enrolled. */
export async function load(storage: Storage): Promise<Opened | null> {
  const durable = await storage.getMeta<Durable>(SYNC);
  // A disk without numbers is none of ours, whatever was written after the browser cleared it.
  if (!durable || (await storage.getMeta("next_n")) === undefined) return null;
  return storage.read(async db => ({
    durable,
    ops: await db.getAll("ops", IDBKeyRange.lowerBound(durable.done, true)),
    rows: await db.getAll("rows"),
    lastN: ((await db.get("meta", "next_n")) as number) - 1,
  }));
}

/** Every operation that is still on the disk, answered ones too. */
export function allOps(storage: Storage): Promise<readonly WireOp[]> {
  return storage.read(db => db.getAll("ops"));
}

/** Rows, cursors and marks together, or none of them. Rejects when the disk was cleared under us. */
export function save(storage: Storage, durable: Durable, change: Change): Promise<void> {
  const anew = change.forget === "all";
  return storage.write(anew ? ["meta", "rows", "blobs", "bytes"] : ["meta", "rows"], async tx => {
    const meta = tx.objectStore("meta");
    if ((await meta.getKey("next_n")) === undefined) throw new NotSaved("cleared");
    await forget(tx, change.forget);
    if (anew) await sendAgain(tx);
    await issue([...change.rows.map(row => () => place(tx, row)), () => meta.put(durable, SYNC)]);
  });
}

/** Another life of the store may lack what an earlier one had: it is asked about every blob. */
async function sendAgain(tx: WriteTx): Promise<void> {
  const held = new Set(await tx.objectStore("bytes").getAllKeys());
  const blobs = tx.objectStore("blobs");
  for (const blob of await blobs.getAll())
    if (blob.state === "sent" && held.has(blob.sha256))
      await blobs.put({ ...blob, state: "waiting" }, blob.sha256);
}

function place(tx: WriteTx, row: WireRow): Promise<unknown> {
  const rows = tx.objectStore("rows");
  const [scope, kind, key, , body] = row;
  const at = [scope, kind, key];
  return body === null ? rows.delete(at) : rows.put(row, at);
}

async function forget(tx: WriteTx, scopes: Change["forget"]): Promise<void> {
  const rows = tx.objectStore("rows");
  if (scopes === "all") return rows.clear();
  // An array sorts behind every text, so this is the whole of one scope.
  for (const scope of scopes) await rows.delete(IDBKeyRange.bound([scope], [scope, []]));
}
