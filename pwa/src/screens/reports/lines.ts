import type { Cell, ReportTable, Sum } from "./types";

/** A row of a report, or a sub-total: of the first `depth` groups, 0 is everything. */
export interface Line {
  readonly key: string;
  readonly cells: readonly Cell[];
  readonly depth?: number;
}

/** The rows with each sub-total where it stands. */
export function linesOf({ rows, sums }: Pick<ReportTable, "rows" | "sums">): readonly Line[] {
  const after = new Map<number, Line[]>();
  for (const sum of sums) after.set(sum.after, [...(after.get(sum.after) ?? []), lineOf(sum)]);
  return rows.flatMap((cells, at) => [{ key: String(at), cells }, ...(after.get(at) ?? [])]);
}

function lineOf({ after, depth, cells }: Sum): Line {
  return { key: `${after}/${depth}`, cells, depth };
}
