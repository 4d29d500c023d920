/**
 * The device's disk. Every write is a strict transaction: "done" is said only after the bytes are
 * on the medium (Chromium's default has been relaxed since 121).
 */
import type { WireOp, WireRow } from "../kernel/wire";
import { completed, openDatabase, Table } from "./database";

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

interface Schema {
  /** Small records by name: device, keys, next_n, sync state, grants. */
  meta: { key: string; value: unknown };
  ops: { key: number; value: WireOp };
  rows: { key: string[]; value: WireRow };
  blobs: { key: string; value: BlobEntry };
  /** Apart from `blobs`, so that a change of state does not copy megabytes. */
  bytes: { key: string; value: ArrayBuffer };
}

export type StoreName = keyof Schema;
type TableOf<N extends StoreName> = Table<Schema[N]["key"], Schema[N]["value"]>;
type Key<N extends StoreName> = Schema[N]["key"];
type Value<N extends StoreName> = Schema[N]["value"];

export interface WriteTx {
  objectStore<N extends StoreName>(name: N): TableOf<N>;
}

export type Storage = Awaited<ReturnType<typeof openStorage>>;

/** Each reading is a transaction of its own. */
class Reader {
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  #table<N extends StoreName>(name: N): TableOf<N> {
    return new Table(this.#db.transaction(name).objectStore(name));
  }

  get<N extends StoreName>(name: N, key: Key<N>): Promise<Value<N> | undefined> {
    return this.#table(name).get(key);
  }

  getKey<N extends StoreName>(name: N, key: Key<N>): Promise<Key<N> | undefined> {
    return this.#table(name).getKey(key);
  }

  getAll<N extends StoreName>(name: N, range?: IDBKeyRange): Promise<Value<N>[]> {
    return this.#table(name).getAll(range);
  }

  getAllKeys<N extends StoreName>(name: N): Promise<Key<N>[]> {
    return this.#table(name).getAllKeys();
  }
}

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
const STORES = ["meta", "ops", "rows", "blobs", "bytes"] as const satisfies StoreName[];

function makeStores(db: IDBDatabase): void {
  for (const store of STORES) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
}

/** Opens the database; a connection that the browser closed is opened anew at the next use. */
export async function openStorage(name = "dockhand", version = VERSION) {
  let db: IDBDatabase | null = await open();

  // A newer build in another tab waits for this connection to go.
  function open(): Promise<IDBDatabase> {
    return openDatabase(name, version, makeStores, drop);
  }

  function drop(): void {
    db?.close();
    db = null;
  }

  async function attempt<T>(stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T> {
    db ??= await open();
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const tables: WriteTx = { objectStore: store => new Table(tx.objectStore(store)) };
    // Both are awaited: the work may fail before the transaction does, and the other way round.
    const done = completed(tx);
    const [result] = await Promise.all([work(tables).catch(error => abort(tx, error)), done]);
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

  async function read<T>(work: (db: Reader) => Promise<T>): Promise<T> {
    try {
      db ??= await open();
      return await work(new Reader(db));
    } catch {
      drop();
      db = await open();
      return work(new Reader(db));
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

function abort(tx: IDBTransaction, error: unknown): never {
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
