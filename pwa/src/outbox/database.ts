/** IndexedDB with promises: as much of it as this device needs, and nothing else. */

/** The answer to one request. It must be awaited before the transaction may end. */
export function answered<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Resolves when the transaction is on the disk as a whole; rejects when nothing of it is. */
export function completed(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    // Not on `error`: the abort that follows it knows why.
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
}

/** Opens the database; `leave` is called when this connection has gone or stands in another's way. */
export async function openDatabase(
  name: string,
  version: number,
  upgrade: (db: IDBDatabase) => void,
  leave: () => void,
): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, version);
  asked.onupgradeneeded = () => upgrade(asked.result);
  const db = await answered(asked);
  db.onversionchange = db.onclose = leave;
  return db;
}

/** One store within one transaction. */
export class Table<K extends IDBValidKey, V> {
  readonly #store: IDBObjectStore;

  constructor(store: IDBObjectStore) {
    this.#store = store;
  }

  get(key: K): Promise<V | undefined> {
    return answered(this.#store.get(key));
  }

  getKey(key: K): Promise<K | undefined> {
    return answered(this.#store.getKey(key)) as Promise<K | undefined>;
  }

  getAll(range?: IDBKeyRange): Promise<V[]> {
    return answered(this.#store.getAll(range));
  }

  getAllKeys(): Promise<K[]> {
    return answered(this.#store.getAllKeys()) as Promise<K[]>;
  }

  /** Rejects when the key is taken. */
  add(value: V, key: K): Promise<unknown> {
    return answered(this.#store.add(value, key));
  }

  put(value: V, key: K): Promise<unknown> {
    return answered(this.#store.put(value, key));
  }

  delete(keys: K | IDBKeyRange): Promise<void> {
    return answered(this.#store.delete(keys));
  }

  clear(): Promise<void> {
    return answered(this.#store.clear());
  }
}
