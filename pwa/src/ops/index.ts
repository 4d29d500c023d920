/**
 * What the device knows of each operation: its label, what it does to the rows on show until the
 * server has answered, and what a refusal says. One file per module, `ops/<module>.ts`:
 *
 *     export const picking = { confirm_pick: { label: "ops.confirmPick", fold } } satisfies OpsOf<"picking">;
 *
 * A missing operation fails to compile.
 */
import type { Key } from "../i18n";
import type { OpArgs, OpName, RowKind, RowTypes } from "../kernel/contract";

export type ModuleName = OpName extends infer N
  ? N extends `${infer M}.${string}`
    ? M
    : never
  : never;

/** The rows as a fold sees and changes them. Bodies are never changed in place. */
export interface Draft {
  get<K extends RowKind>(kind: K, key: string): RowTypes[K] | undefined;
  put<K extends RowKind>(kind: K, key: string, body: RowTypes[K]): void;
  /** Sets fields of a row that is there; a row that is not there stays away. */
  patch<K extends RowKind>(kind: K, key: string, fields: Partial<RowTypes[K]>): void;
  drop(kind: RowKind, key: string): void;
}

export interface OpMeta {
  readonly n: number;
  readonly at: number;
  readonly sid: string | null;
}

/**
 * `fold` says "is", never "add": it may run again on rows that already hold its effect, so
 * `picked: 3`, not `picked: line.picked + 3`.
 */
export interface OpEntry<N extends OpName> {
  readonly label: Key;
  readonly fold?: (draft: Draft, body: OpArgs[N], meta: OpMeta) => void;
  /** The catalogue key for a refusal of this operation, where `errors.<code>` is not enough. */
  readonly refusal?: (code: string) => Key | undefined;
}

export type OpsOf<M extends string> = {
  readonly [N in OpName as N extends `${M}.${infer Short}` ? Short : never]: OpEntry<N>;
};

/** Every module of the server: one without a table here fails to compile. */
export type Ops = { readonly [M in ModuleName]: OpsOf<M> };

type AnyEntry = OpEntry<OpName>;

const entries = new Map<string, AnyEntry>();

/** Called once at the start of the app with every module's table. */
export function registerOps(ops: Ops): void {
  for (const [module, table] of Object.entries(ops))
    for (const [short, entry] of Object.entries(table as Record<string, AnyEntry>))
      entries.set(`${module}.${short}`, entry);
}

/** What is known of an operation; one of another build may be unknown. */
export function opEntry(name: string): AnyEntry | undefined {
  return entries.get(name);
}
