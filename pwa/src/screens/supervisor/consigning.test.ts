import { describe, expect, it } from "vitest";
import type { ConsignmentRow } from "../../kernel/contract";
import { couldBeOne, localInput, money, toFetch, underway, waiting } from "./consigning";

const NOON = new Date(2026, 10, 23, 12).getTime();
const row = (id: string, fields: Partial<ConsignmentRow> = {}): ConsignmentRow => ({
  id,
  order: `o-${id}`,
  order_number: `2026-EC-${id}`,
  state: "packed",
  door: "d1",
  parcels: 1,
  packed_at: NOON,
  carrier: "",
  carrier_name: "",
  service_name: "",
  number: "",
  total: 0,
  currency: "",
  arrives_by: 0,
  told: "",
  pickup_at: 0,
  ...fields,
});
const swift = { carrier: "swift", carrier_name: "Swift Parcels" };

describe("shipments that wait", () => {
  it("stand with the oldest first", () => {
    const rows = [
      row("2"),
      row("1"),
      row("0", { packed_at: NOON - 1 }),
      row("3", { state: "on_run" }),
    ];
    expect(waiting(rows).map(({ id }) => id)).toEqual(["0", "1", "2"]);
  });

  it("to one door on one day could be one", () => {
    const rows = [row("1"), row("2"), row("3", { door: "d2" })];
    expect(couldBeOne(rows).map(group => group.map(({ id }) => id))).toEqual([["1", "2"]]);
    expect(couldBeOne([row("1"), row("2", { packed_at: NOON - 86_400_000 })])).toEqual([]);
  });

  it("are not proposed again once they share a waybill", () => {
    const shared = { ...swift, number: "SW1" };
    expect(couldBeOne([row("1", shared), row("2", shared)])).toEqual([]);
    expect(couldBeOne([row("1", shared), row("2", { ...swift, number: "SW2" })])).toHaveLength(1);
  });

  it("are fetched by waybill, once, and never by the house's own vans", () => {
    const rows = [
      row("1", { ...swift, number: "SW1" }),
      row("2", { ...swift, number: "SW1" }),
      row("3", { ...swift, number: "SW2", pickup_at: NOON }),
      row("4", { carrier: "own", carrier_name: "Vans", number: "P-1" }),
    ];
    expect(toFetch(rows)).toEqual([{ carrier: "swift", name: "Swift Parcels", waybills: 1 }]);
  });
});

describe("what is underway", () => {
  it("leaves the house's own vans to the runs", () => {
    const rows = [
      row("1", { ...swift, state: "in_transit" }),
      row("2", { carrier: "own", state: "in_transit" }),
      row("3"),
    ];
    expect(underway(rows).map(({ id }) => id)).toEqual(["1"]);
  });
});

describe("figures", () => {
  it("are money in the currency's own smallest unit", () => {
    expect(money(1234, "GBP")).toBe("£12.34");
    expect(money(1234, "JPY")).toBe("¥1,234");
    expect(money(1234, "")).toBe("1,234");
  });

  it("go into a field on the device's clock", () => {
    expect(new Date(localInput(NOON)).getTime()).toBe(NOON);
  });
});
