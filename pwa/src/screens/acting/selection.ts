/** Which rows of a list are selected, by click, by range and all at once: pure. */

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins: the row that was touched last without a range. */
  readonly anchor: string | null;
}

export const NONE: Selection = { ids: new Set(), anchor: null };

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Everything from the anchor to `id` in the order of the list, besides what is selected already. */
export function upTo(selection: Selection, id: string, order: readonly string[]): Selection {
  const { ids, anchor } = selection;
  const from = order.indexOf(anchor ?? id);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return { ids: new Set(ids).add(id), anchor: id };
  const [first, last] = from < to ? [from, to] : [to, from];
  return { ids: new Set([...ids, ...order.slice(first, last + 1)]), anchor: order[from] ?? id };
}

export function all(order: readonly string[]): Selection {
  return { ids: new Set(order), anchor: null };
}

/** What is selected and still in the list, in its order: what has left the list is not acted on. */
export function chosen<Row extends { id: string }>(
  { ids }: Selection,
  rows: readonly Row[],
): readonly Row[] {
  return rows.filter(({ id }) => ids.has(id));
}
