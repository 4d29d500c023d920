/**
 * The device's disk. Every write is a strict transaction: "done" is said only after the bytes are
 * on the medium (Chromium's default has been relaxed since 121).
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { WireOp, WireRow } from "../kernel/wire";

export interface BlobEntry {
  readonly sha256: string;
  readonly mime: string;
  readonly use: "signature" | "photo";
  readonly size: number;
  /** The operation that names it; it must be answered before the bytes are sent. */
  readonly n: number;
  readonly at: number;
  readonly state: "waiting" | "sent" | "lost";
}

interface Schema extends DBSchema {
  /** Small records by name: device, keys, next_n, sync state, grants. */
  meta: { key: string; value: unknown };
  ops: { key: number; value: WireOp };
  rows: { key: string[]; value: WireRow };
  blobs: { key: string; value: BlobEntry };
  /** Apart from `blobs`, so that a change of state does not copy megabytes. */
  bytes: { key: string; value: ArrayBuffer };
}

export type StoreName = "meta" | "ops" | "rows" | "blobs" | "bytes";
export type WriteTx = IDBPTransaction<Schema, StoreName[], "readwrite">;
export type Storage = Awaited<ReturnType<typeof openStorage>>;

/** The device could not write: the person must be told, and nothing may turn green. */
export class NotSaved extends Error {
  readonly reason: "failed" | "no_space" | "other_tab" | "cleared" | "too_large";

  constructor(reason: NotSaved["reason"], cause?: unknown) {
    super(`not saved: ${reason}`, { cause });
    this.name = "NotSaved";
    this.reason = reason;
  }
}

const VERSION = 1;

/** Opens the database; a connection that the browser closed is opened anew at the next use. */
export async function openStorage(name = "dockhand", version = VERSION) {
  let db: IDBPDatabase<Schema> | null = await open();

  async function open(): Promise<IDBPDatabase<Schema>> {
    const opened = await openDB<Schema>(name, version, {
      upgrade(fresh) {
        for (const store of ["meta", "ops", "rows", "blobs", "bytes"] as const)
          if (!fresh.objectStoreNames.contains(store)) fresh.createObjectStore(store);
      },
      // A newer build in another tab waits for this connection to go.
      blocking: () => drop(),
      terminated: () => drop(),
    });
    return opened;
  }

  function drop(): void {
    db?.close();
    db = null;
  }

  async function attempt<T>(stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T> {
    db ??= await open();
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    // Both are awaited: the work may fail before the transaction does, and the other way round.
    const [result] = await Promise.all([work(tx).catch(error => abort(tx, error)), tx.done]);
    return result;
  }

  /**
   * Runs `work` in one strict transaction and resolves on its `complete` event. On any error the
   * database is opened anew and the work runs once more, from the start; then it is `NotSaved`.
   */
  async function write<T>(stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T> {
    try {
      return await attempt(stores, work);
    } catch (first) {
      if (first instanceof NotSaved) throw first;
      drop();
    }
    try {
      return await attempt(stores, work);
    } catch (second) {
      throw second instanceof NotSaved ? second : new NotSaved(reasonOf(second), second);
    }
  }

  async function read<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      db ??= await open();
      return await work(db);
    } catch {
      drop();
      db = await open();
      return work(db);
    }
  }

  return {
    write,
    read,
    close: drop,
    getMeta: <T>(key: string) => read(async db => (await db.get("meta", key)) as T | undefined),
    putMeta: (key: string, value: unknown) =>
      write(["meta"], async tx => void (await tx.objectStore("meta").put(value, key))),
  };
}

/**
 * Issues the requests of one transaction together, in order. One that throws at once fails like
 * one that fails later, so that none is left without somebody who waits for it.
 */
export async function issue(requests: readonly (() => Promise<unknown>)[]): Promise<void> {
  await Promise.all(requests.map(async request => request()));
}

function abort(tx: WriteTx, error: unknown): never {
  try {
    tx.abort();
  } catch {
    // It has aborted by itself.
  }
  throw error;
}

function reasonOf(error: unknown): NotSaved["reason"] {
  return error instanceof DOMException && error.name === "QuotaExceededError"
    ? "no_space"
    : "failed";
}
