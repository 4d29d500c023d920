/**
 * What the screens see: the server's rows with the operations folded in that it has not answered.
 * One operation touches a handful of rows, and only their signals move.
 */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RowKind, RowTypes } from "../kernel/contract";
import type { WireOp, WireRow } from "../kernel/wire";
import { type Draft, opEntry } from "../ops";
import { Base, type Forget, rowId } from "./base";

type Body = object;
type Rows = ReadonlyMap<string, Body>;

const EMPTY: Rows = new Map();

export class Replica {
  readonly #base = new Base();
  /** What pending operations make of rows: a body, or `null` where they take the row away. */
  #overlay = new Map<string, Body | null>();
  #pending: readonly WireOp[] = [];
  /** Written in place and shown as a copy: only lists that somebody looks at pay for the copy. */
  readonly #shown = new Map<string, Map<string, Body>>();
  readonly #lists = new Map<string, Signal<Rows>>();
  readonly #rows = new Map<string, Signal<Body | undefined>>();

  /** Operations that the server has not answered, in order. */
  get pending(): readonly WireOp[] {
    return this.#pending;
  }

  /** All rows of a kind by key. */
  view<K extends RowKind>(kind: K): ReadonlySignal<ReadonlyMap<string, RowTypes[K]>> {
    let list = this.#lists.get(kind);
    if (!list) {
      list = signal<Rows>(new Map(this.#shown.get(kind) ?? EMPTY));
      this.#lists.set(kind, list);
    }
    return list as unknown as ReadonlySignal<ReadonlyMap<string, RowTypes[K]>>;
  }

  /** One row; `undefined` while there is none. */
  row<K extends RowKind>(kind: K, key: string): ReadonlySignal<RowTypes[K] | undefined> {
    const id = rowId(kind, key);
    let one = this.#rows.get(id);
    if (!one) {
      one = signal(this.#shown.get(kind)?.get(key));
      this.#rows.set(id, one);
    }
    return one as unknown as ReadonlySignal<RowTypes[K] | undefined>;
  }

  /** Begins with what the disk holds: the server's rows and the operations still pending. */
  load(rows: readonly WireRow[], pending: readonly WireOp[]): void {
    const touched = this.#base.apply("all", rows);
    this.#refold(pending, touched);
    this.#publish(touched);
  }

  /** A new operation is on the disk: fold it on top of what is shown. */
  add(ops: readonly WireOp[]): void {
    this.#pending = [...this.#pending, ...ops];
    const touched = new Set<string>();
    for (const op of ops) this.#fold(op, touched);
    this.#publish(touched);
  }

  /**
   * An answer is on the disk: its rows come in together with what is still pending after `done`.
   * `kept` are operations that a restart has made pending again.
   */
  adopt(
    forget: Forget,
    rows: readonly WireRow[],
    done: number,
    kept: readonly WireOp[] = [],
  ): void {
    const touched = this.#base.apply(forget, rows);
    const last = kept.at(-1)?.n ?? 0;
    const all = [...kept, ...this.#pending.filter(op => op.n > last)];
    this.#refold(
      all.filter(op => op.n > done),
      touched,
    );
    this.#publish(touched);
  }

  /** Shows only rows of scopes that `visible` allows. */
  show(visible: (scope: string) => boolean): void {
    const touched = this.#base.show(visible);
    this.#refold(this.#pending, touched);
    this.#publish(touched);
  }

  #refold(pending: readonly WireOp[], touched: Set<string>): void {
    for (const id of this.#overlay.keys()) touched.add(id);
    this.#overlay = new Map();
    this.#pending = pending;
    for (const op of pending) this.#fold(op, touched);
  }

  #fold(op: WireOp, touched: Set<string>): void {
    const fold = opEntry(op.k)?.fold as
      | ((draft: Draft, body: unknown, meta: WireOp) => void)
      | undefined;
    if (!fold) return;
    try {
      fold(this.#draft(touched), op.body, op);
    } catch {
      // An operation of another build may not fit this fold. It is on the disk and will be
      // answered; until then the screen shows the server's rows.
    }
  }

  #draft(touched: Set<string>): Draft {
    const get = (kind: string, key: string) => this.#body(rowId(kind, key));
    const set = (kind: string, key: string, body: Body | null) => {
      const id = rowId(kind, key);
      this.#overlay.set(id, body);
      touched.add(id);
    };
    return {
      get: (kind, key) => get(kind, key) as never,
      put: (kind, key, body) => set(kind, key, body as Body),
      patch: (kind, key, fields) => {
        const body = get(kind, key);
        if (body) set(kind, key, { ...body, ...fields });
      },
      drop: (kind, key) => set(kind, key, null),
    };
  }

  #body(id: string): Body | undefined {
    const folded = this.#overlay.get(id);
    if (folded !== undefined) return folded ?? undefined;
    return this.#base.get(id) as Body | undefined;
  }

  #publish(touched: ReadonlySet<string>): void {
    const kinds = new Set<string>();
    batch(() => {
      for (const id of touched) if (this.#place(id)) kinds.add(id.slice(0, id.indexOf("\n")));
      for (const kind of kinds) {
        const list = this.#lists.get(kind);
        if (list) list.value = new Map(this.#shown.get(kind) ?? EMPTY);
      }
    });
  }

  /** Brings one shown row up to date; whether it changed. */
  #place(id: string): boolean {
    const cut = id.indexOf("\n");
    const kind = id.slice(0, cut);
    const key = id.slice(cut + 1);
    const rows = this.#shown.get(kind) ?? new Map<string, Body>();
    this.#shown.set(kind, rows);
    const body = this.#body(id);
    if (rows.get(key) === body) return false;
    if (body === undefined) rows.delete(key);
    else rows.set(key, body);
    const one = this.#rows.get(id);
    if (one) one.value = body;
    return true;
  }
}
