// @vitest-environment node
import { expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import { joined, matchedWords, onlyOne, searchText, whyOf } from "./search-text";
import type { Found } from "./story-types";

const order = (id: string, matched = "", why = "name"): Found => ({
  ...{ id, number: `2026-EC-00000${id}`, ref: "", customer_name: "Åsa Öberg", state: "delivered" },
  ...{ due_at: 0, changed_at: 0, why, matched },
});
const said = (raw: string) => searchText(resolve(raw, { year: 2026 }));

test("a scan is searched for by what it is of", () => {
  expect(said("]d20104006381333931")).toBe("04006381333931");
  expect(said("https://id.shop.test/01/04006381333931/10/L7")).toBe("04006381333931");
  expect(said("]C100106141412345678908")).toBe("106141412345678908");
  expect(said("]C1400PO-4711")).toBe("(400)PO-4711");
  expect(said("P-00000012")).toBe("P-00000012");
});

test("a badge, a place and what cannot be read are no order's", () => {
  expect(said("B-007")).toBeNull();
  expect(said("L-A01-1-1")).toBeNull();
  expect(said("4006381333930")).toBeNull();
});

test("only a scan that one order fits opens it", () => {
  expect(onlyOne({ orders: [order("1")], more: "" })?.id).toBe("1");
  expect(onlyOne({ orders: [order("1"), order("2")], more: "" })).toBeNull();
  expect(onlyOne({ orders: [order("1")], more: "name:1:5:x" })).toBeNull();
  expect(onlyOne({ orders: [], more: "" })).toBeNull();
});

test("an order that was found in two ways is shown once", () => {
  const ids = joined([order("1"), order("2")], [order("2"), order("3")]).map(o => o.id);
  expect(ids).toEqual(["1", "2", "3"]);
});

test("a row says what matched unless it shows that anyway", () => {
  expect(matchedWords(order("1", "+46 8 555", "phone"))).toBe("+46 8 555");
  expect(matchedWords(order("1", "Åsa Öberg"))).toBe("");
  expect(matchedWords(order("1", "2026-EC-000001", "number"))).toBe("");
  expect(whyOf({ why: "waybill" })).toBe("waybill");
  expect(whyOf({ why: "of a later build" })).toBe("number");
});
