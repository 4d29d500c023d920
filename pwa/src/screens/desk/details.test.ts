import { expect, it } from "vitest";
import { details } from "./details";

it("says who answers for it, and why, in words", () => {
  const told = { party: "carrier", reason: "wrong_goods", rma: "RMA-000001", stop: "s1" };
  expect(details(told).map(([, value]) => value)).toEqual([
    "the carrier",
    "wrong goods",
    "RMA-000001",
  ]);
});
