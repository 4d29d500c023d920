import { expect, test } from "vitest";
import type { DiscrepancyRow } from "../../kernel/contract";
import { fresh } from "./news";

const problem = (id: string, at: number) => ({ id, at }) as DiscrepancyRow;

test("only problems that were not told before are news, the newest last", () => {
  const problems = [problem("b", 3), problem("a", 2), problem("old", 1)];
  expect(fresh(problems, new Set(["old"])).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(fresh(problems, new Set(["old", "a", "b"]))).toEqual([]);
});
