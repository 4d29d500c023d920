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

/** As the server names them: generated. */
export interface Contract {
  readonly version: Readonly<Record<OpName, number>>;
  readonly kind: Readonly<Record<OpName, "fact" | "request">>;
}

type AnyEntry = OpEntry<OpName>;

interface Known extends AnyEntry {
  readonly version: number;
  readonly kind: "fact" | "request";
}

const entries = new Map<string, Known>();

/** Called once at the start of the app with every module's table. */
export function registerOps(ops: Ops, { version, kind }: Contract): void {
  for (const [module, table] of Object.entries(ops))
    for (const [short, entry] of Object.entries(table as Record<string, AnyEntry>)) {
      const name = `${module}.${short}` as OpName;
      entries.set(name, { ...entry, version: version[name], kind: kind[name] });
    }
}

/** What is known of an operation that this build makes; throws when nobody registered it. */
export function ownEntry(name: OpName): Known {
  const entry = entries.get(name);
  if (!entry) throw new Error(`${name} is not registered`);
  return entry;
}

/** What is known of an operation; one of another build may be unknown. */
export function opEntry(name: string): Known | undefined {
  return entries.get(name);
}
