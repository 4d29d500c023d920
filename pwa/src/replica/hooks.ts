import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
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

/** How long a list that changes all the time rests between two looks at it, ms. */
const CALM_MS = 250;

type View<K extends RowKind> = ReadonlyMap<string, RowTypes[K]>;

/**
 * All rows of a kind by key, for what is counted and sorted over thousands of them: the component
 * follows at once, but at most a few times a second, however many rows change.
 */
export function useCalmRows<K extends RowKind>(kind: K, calm = CALM_MS): View<K> {
  const [rows, setRows] = useState<View<K>>(() => replica.view(kind).peek());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let looked = Number.NEGATIVE_INFINITY;
    const look = () => {
      timer = undefined;
      looked = performance.now();
      setRows(replica.view(kind).peek());
    };
    const stop = effect(() => {
      void replica.view(kind).value;
      timer ??= setTimeout(look, Math.max(0, looked + calm - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [kind, calm]);
  return rows;
}
