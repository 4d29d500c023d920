// @vitest-environment node
import { expect, test } from "vitest";
import { all, chosen, NONE, toggled, upTo } from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join("");

test("one after the other, and out again", () => {
  const two = toggled(toggled(NONE, "a"), "c");
  expect(ids(two)).toBe("ac");
  expect(ids(toggled(two, "a"))).toBe("c");
});

test("a range goes from the row touched last to this one, up or down, beside the rest", () => {
  const start = toggled(toggled(NONE, "a"), "c");
  expect(ids(upTo(start, "e", ORDER))).toBe("acde");
  expect(ids(upTo(toggled(NONE, "d"), "b", ORDER))).toBe("bcd");
  expect(ids(upTo(upTo(toggled(NONE, "b"), "d", ORDER), "a", ORDER))).toBe("abcd");
});

test("a range with nowhere to begin is the row itself", () => {
  expect(ids(upTo(NONE, "c", ORDER))).toBe("c");
  expect(ids(upTo(toggled(NONE, "gone"), "c", ORDER))).toBe("cgone");
});

test("all that match, and what has left the list is not acted on", () => {
  const rows = ["b", "d"].map(id => ({ id }));
  expect(ids(all(ORDER))).toBe("abcde");
  expect(chosen(all(ORDER), rows)).toEqual(rows);
});
