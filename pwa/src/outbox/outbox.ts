import { MAX_OPS_BYTES, type WireOp } from "../kernel/wire";
import type { PreparedBlob } from "./blob";
import { freeReserve, refusePhotosWhenFull } from "./space";
import { type BlobEntry, issue, NotSaved, type Storage, type WriteTx } from "./storage";

/** An operation before the disk has given it its number. */
export type Draft = Omit<WireOp, "n">;

/** Notes in `meta` that change with an operation, in its own transaction; `undefined` deletes one. */
export type Notes = (op: WireOp) => Readonly<Record<string, unknown>>;

interface Waiting {
  readonly draft: Draft;
  readonly blobs: readonly PreparedBlob[];
  readonly notes: Notes;
  readonly resolve: (op: WireOp) => void;
  readonly reject: (error: unknown) => void;
}

export interface Outbox {
  /**
   * Puts the operation, its blobs and its notes on the disk and resolves only when they are there; rejects
   * with `NotSaved`. What is put meanwhile goes into the next transaction, in order.
   */
  put(draft: Draft, blobs?: readonly PreparedBlob[], notes?: Notes): Promise<WireOp>;
}

/** `onSaved` hears of operations on the disk, in order, before their `put` resolves. */
export function createOutbox(storage: Storage, onSaved: (ops: readonly WireOp[]) => void): Outbox {
  let waiting: Waiting[] = [];
  let running = false;
  let next: number | null = null;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await save(batch);
    }
    running = false;
  }

  async function save(batch: readonly Waiting[]): Promise<void> {
    try {
      settle(batch, await write(batch));
    } catch (error) {
      // One photo too many must not take the scans beside it along.
      if (batch.length > 1) for (const one of batch) await save([one]);
      else for (const one of batch) await saveLast(one, error);
    }
  }

  async function saveLast(one: Waiting, error: unknown): Promise<void> {
    try {
      const full = error instanceof NotSaved && error.reason === "no_space";
      if (!full || one.blobs.length > 0) throw error;
      await freeReserve(storage);
      settle([one], await write([one]));
    } catch (last) {
      one.reject(last);
    }
  }

  function settle(batch: readonly Waiting[], ops: readonly WireOp[]): void {
    onSaved(ops);
    batch.forEach((one, i) => {
      const op = ops[i];
      if (op) one.resolve(op);
    });
  }

  async function write(batch: readonly Waiting[]): Promise<WireOp[]> {
    const stores = batch.some(one => one.blobs.length > 0)
      ? (["meta", "ops", "blobs", "bytes"] as const)
      : (["meta", "ops"] as const);
    const ops = await storage.write([...stores], tx => {
      const known = next;
      next = null; // a second attempt asks the disk
      return number(tx, batch, known);
    });
    next = (ops.at(-1)?.n ?? 0) + 1;
    return ops;
  }

  return {
    async put(draft, blobs = [], notes = () => ({})) {
      if (byteLength(draft) > MAX_OPS_BYTES) throw new NotSaved("too_large");
      if (blobs.length > 0) await refusePhotosWhenFull(blobs);
      return new Promise<WireOp>((resolve, reject) => {
        waiting.push({ draft, blobs, notes, resolve, reject });
        if (!running) void run();
      });
    },
  };
}

function byteLength(draft: Draft): number {
  return new TextEncoder().encode(JSON.stringify(draft)).length;
}

/**
 * Gives the numbers and writes, all in the one transaction: a crash leaves neither gap nor double.
 * `known` is the next number as this tab left it: with it everything is asked of the disk at once,
 * and a disk that says otherwise ends the transaction.
 */
async function number(
  tx: WriteTx,
  batch: readonly Waiting[],
  known: number | null,
): Promise<WireOp[]> {
  const meta = tx.objectStore("meta");
  const asked = meta.get("next_n").then(found => {
    // Without it the storage was cleared under us, and `n` would begin again at 1.
    if (found === undefined) throw new NotSaved("cleared");
    if (known !== null && found !== known) throw new Error("next_n moved");
    return found as number;
  });
  const first = known ?? (await asked);
  const ops = batch.map(({ draft }, i): WireOp => ({ ...draft, n: first + i }));
  await issue([
    () => asked,
    ...ops.map(op => () => tx.objectStore("ops").add(op, op.n)),
    ...batch.flatMap((one, i) =>
      one.blobs.flatMap(blob => keep(tx, blob, first + i, one.draft.at)),
    ),
    ...batch.flatMap((one, i) => note(tx, one.notes, ops[i])),
    () => meta.put(first + ops.length, "next_n"),
  ]);
  return ops;
}

function note(tx: WriteTx, notes: Notes, op: WireOp | undefined): (() => Promise<unknown>)[] {
  const meta = tx.objectStore("meta");
  return Object.entries(op ? notes(op) : {}).map(
    ([key, value]) =>
      () =>
        value === undefined ? meta.delete(key) : meta.put(value, key),
  );
}

function keep(tx: WriteTx, blob: PreparedBlob, n: number, at: number): (() => Promise<unknown>)[] {
  const { sha256, mime, use, bytes } = blob;
  const size = bytes.byteLength;
  const entry: BlobEntry = { sha256, mime, use, size, n, at, state: "waiting" };
  const all = tx.objectStore("bytes");
  const add = () => all.put(bytes, sha256);
  // What was taken in before, with the draft, is megabytes that need not be written twice.
  const keepBytes = async () => {
    if (!blob.kept || (await all.getKey(sha256)) === undefined) await add();
  };
  return [() => tx.objectStore("blobs").put(entry, sha256), keepBytes];
}
