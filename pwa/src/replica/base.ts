/** The rows as the server last said them; written only by an answer that is on the disk. */
import type { WireRow } from "../kernel/wire";

interface Held {
  readonly scope: string;
  readonly ver: number;
  readonly body: unknown;
}

export type Forget = "all" | readonly string[];

/** Names a row on the device: kinds hold no line break. */
export function rowId(kind: string, key: string): string {
  return `${kind}\n${key}`;
}

export class Base {
  /** A row may stand in several scopes at once; the newest version is the one that counts. */
  readonly #held = new Map<string, readonly Held[]>();
  #visible: (scope: string) => boolean = () => true;

  /** Hides scopes without forgetting them: rows of another person on a shared device. */
  show(visible: (scope: string) => boolean): Set<string> {
    this.#visible = visible;
    return new Set(this.#held.keys());
  }

  get(id: string): unknown {
    let best: Held | undefined;
    for (const row of this.#held.get(id) ?? [])
      if (this.#visible(row.scope) && (!best || row.ver > best.ver)) best = row;
    return best?.body;
  }

  /** Takes a change over and says which rows it touched. */
  apply(forget: Forget, rows: readonly WireRow[]): Set<string> {
    const touched = this.#forget(forget);
    for (const [scope, kind, key, ver, body] of rows) {
      const id = rowId(kind, key);
      touched.add(id);
      const others = (this.#held.get(id) ?? []).filter(held => held.scope !== scope);
      this.#set(id, body === null ? others : [...others, { scope, ver, body }]);
    }
    return touched;
  }

  #forget(forget: Forget): Set<string> {
    const touched = new Set<string>();
    if (forget !== "all" && forget.length === 0) return touched;
    for (const [id, held] of this.#held) {
      const left = forget === "all" ? [] : held.filter(row => !forget.includes(row.scope));
      if (left.length === held.length) continue;
      touched.add(id);
      this.#set(id, left);
    }
    return touched;
  }

  #set(id: string, held: readonly Held[]): void {
    if (held.length > 0) this.#held.set(id, held);
    else this.#held.delete(id);
  }
}
