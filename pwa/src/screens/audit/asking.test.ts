// @vitest-environment node
import { expect, test } from "vitest";
import { askPath, pathWith } from "./asking";

const of = (text: string) => new URLSearchParams(text);

test("a filter stands in the address, and is gone when it is emptied", () => {
  const query = of("person=p1&from=2026-01-31");
  expect(pathWith(query, "kind", "orders.add_note")).toBe(
    "/audit?person=p1&kind=orders.add_note&from=2026-01-31",
  );
  expect(pathWith(of("person=p1"), "person", "")).toBe("/audit");
});

test("days are whole ones, the last included", () => {
  const asked = of(askPath(of("from=2026-01-31&to=2026-01-31"), "").split("?")[1] ?? "");
  expect(Number(asked.get("until")) - Number(asked.get("since"))).toBe(86_400_000);
  expect(Number(asked.get("since"))).toBe(new Date(2026, 0, 31).getTime());
});

test("what nobody can mean is not asked for", () => {
  expect(askPath(of("from=soon&odd=1&order=%20"), "")).toBe("/api/audit?");
  expect(askPath(of("order=2026-EC-000001 "), "1:2:3")).toBe(
    "/api/audit?order=2026-EC-000001&after=1%3A2%3A3",
  );
});
