// @vitest-environment node
import { expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import { type CheckLine, lineOf, uncounted } from "./check";

function line(no: number, sku: string, counted: number | null = null): CheckLine {
  return { task: "T", no, order: "o", tote: "", sku, name: sku, codes: [], counted };
}

const scan = (raw: string) => resolve(raw, { year: 2026 });

test("a scan names its line, one that is still to be counted before one that is counted", () => {
  const lines = [line(1, "MUG", 2), line(2, "MUG"), line(3, "TEE")];
  expect(lineOf(lines, scan("MUG"))?.no).toBe(2);
  expect(lineOf([line(1, "MUG", 2)], scan("MUG"))?.no).toBe(1);
  expect(lineOf(lines, scan("LAMP"))).toBeUndefined();
});

test("nothing counted is a count, too", () => {
  expect(uncounted([line(1, "MUG", 0), line(2, "TEE")]).map(({ no }) => no)).toEqual([2]);
});
