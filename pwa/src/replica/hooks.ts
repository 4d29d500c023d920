import type { RowKind, RowTypes } from "../kernel/contract";
import { replica } from "../sync/engine";

/** A row as it stands now; the component follows it. */
export function useRow<K extends RowKind>(kind: K, key: string): RowTypes[K] | undefined {
  return replica.row(kind, key).value;
}

/** The rows of a kind that `where` keeps, in no order; the component follows them. */
export function useRows<K extends RowKind>(
  kind: K,
  where: (row: RowTypes[K], key: string) => boolean = () => true,
): readonly RowTypes[K][] {
  const kept: RowTypes[K][] = [];
  for (const [key, row] of replica.view(kind).value) if (where(row, key)) kept.push(row);
  return kept;
}
