// @vitest-environment node
import { expect, test } from "vitest";
import type { ForecastRow, OrderRow } from "../../kernel/contract";
import { expectedAt, lateness, SOON_MS } from "./lateness";
import {
  ALL,
  byState,
  filterQuery,
  filtersSet,
  isAsked,
  type OrderFilter,
  readFilter,
  sortedKeys,
} from "./open-orders";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

function order(fields: Partial<OrderRow>): OrderRow {
  return {
    id: "o1",
    number: "2026-EC-000001",
    ref: "R-1",
    customer: "C1",
    customer_name: "Corner Shop",
    state: "released",
    type: "standard",
    transport: "",
    priority: 40,
    lines: 4,
    pieces: 9,
    picked: 0,
    due_at: NOW + 10 * HOUR,
    placed_at: NOW - HOUR,
    changed_at: NOW,
    eta: null,
    delayed: false,
    wave: 0,
    carrier: "",
    ...fields,
  };
}

const NONE = new Map<string, ForecastRow>();
const collate = (a: string, b: string) => a.localeCompare(b);

function ids(orders: readonly OrderRow[], filter: Partial<OrderFilter>, forecasts = NONE) {
  const asked = { ...ALL, ...filter };
  const kept = orders.filter(isAsked(asked, forecasts, NOW));
  return sortedKeys(kept, asked, forecasts, collate);
}

test("an order past its promise is late until it is over", () => {
  expect(lateness(order({ due_at: NOW - HOUR }), NOW)).toEqual({ kind: "late", ms: HOUR });
  expect(lateness(order({ due_at: NOW + SOON_MS - 1 }), NOW).kind).toBe("soon");
  expect(lateness(order({ due_at: NOW + SOON_MS }), NOW).kind).toBe("later");
  expect(lateness(order({ due_at: NOW - HOUR, state: "delivered" }), NOW).kind).toBe("over");
  expect(lateness(order({ due_at: NOW - HOUR, state: "cancelled" }), NOW).kind).toBe("over");
});

test("an order that is expected after its promise will be late, and by how much", () => {
  const due = order({ due_at: NOW + HOUR });
  expect(lateness(due, NOW, NOW + HOUR).kind).toBe("soon");
  expect(lateness(due, NOW, NOW + 3 * HOUR)).toEqual({ kind: "willBeLate", ms: 2 * HOUR });
  expect(lateness(order({ due_at: NOW - 1 }), NOW, NOW + HOUR).kind).toBe("late");
});

test("whoever brings an order knows better than the floor's pace", () => {
  const forecast = { at: NOW + HOUR };
  expect(expectedAt(order({}), undefined)).toBeNull();
  expect(expectedAt(order({}), forecast)).toBe(NOW + HOUR);
  expect(expectedAt(order({ eta: NOW + 5 * HOUR }), forecast)).toBe(NOW + 5 * HOUR);
  expect(expectedAt(order({ state: "cancelled" }), forecast)).toBeNull();
});

test("an address and its filter say the same", () => {
  const filter: OrderFilter = {
    state: "picking",
    late: "will",
    carrier: "Parcel & Co",
    wave: "12",
    customer: "九龍",
    priority: "80",
    text: "a b",
    sort: "expected",
    down: true,
  };
  expect(readFilter(new URLSearchParams(filterQuery(filter)))).toEqual(filter);
  expect(filtersSet(filter)).toBe(5);
  expect(filterQuery(ALL)).toBe("");
  expect(readFilter(new URLSearchParams(""))).toEqual(ALL);
  expect(readFilter(new URLSearchParams("sort=nonsense")).sort).toBe("due");
});

test("orders are kept by each filter, and by all of them together", () => {
  const orders = [
    order({ id: "a", carrier: "DHL", wave: 3, priority: 80 }),
    order({ id: "b", customer: "C9", customer_name: "九龍文具", due_at: NOW - 1 }),
    order({ id: "c", ref: "WEB-77", priority: 60, due_at: NOW + HOUR }),
  ];
  const forecasts = new Map([["c", { at: NOW + 2 * HOUR }]]);
  const found = (filter: Partial<OrderFilter>) => ids(orders, filter, forecasts).sort();
  expect(found({})).toEqual(["a", "b", "c"]);
  expect(found({ carrier: "DHL" })).toEqual(["a"]);
  expect(found({ wave: "3" })).toEqual(["a"]);
  expect(found({ priority: "60" })).toEqual(["a", "c"]);
  expect(found({ customer: "文具" })).toEqual(["b"]);
  expect(found({ customer: "c9" })).toEqual(["b"]);
  expect(found({ text: " web-77 " })).toEqual(["c"]);
  expect(found({ late: "late" })).toEqual(["b"]);
  expect(found({ late: "will" })).toEqual(["c"]);
  expect(found({ late: "any" })).toEqual(["b", "c"]);
  expect(found({ late: "any", priority: "60" })).toEqual(["c"]);
});

test("states are counted whatever state is chosen", () => {
  const orders = [order({ id: "a" }), order({ id: "b", state: "picking" })];
  const asked = orders.filter(isAsked({ ...ALL, state: "picking" }, NONE, NOW));
  expect([...byState(asked)].sort()).toEqual([
    ["picking", 1],
    ["released", 1],
  ]);
});

test("the soonest due stands first, and progress does not move a row", () => {
  const before = [order({ id: "a" }), order({ id: "b", number: "2", due_at: NOW })];
  const after = [order({ id: "a", picked: 4, state: "picked", changed_at: NOW + 9 }), before[1]];
  expect(ids(before, {})).toEqual(["b", "a"]);
  expect(ids(after as OrderRow[], {})).toEqual(["b", "a"]);
});

test("each column sorts both ways", () => {
  const orders = [
    order({ id: "a", number: "1", customer_name: "Zoe", priority: 10, picked: 4, wave: 2 }),
    order({ id: "b", number: "2", customer_name: "adam", priority: 90, state: "packed", wave: 1 }),
    order({ id: "c", number: "3", customer_name: "Mia", state: "confirmed", carrier: "UPS" }),
  ];
  const forecasts = new Map([["b", { at: NOW }]]);
  const sorted = (sort: OrderFilter["sort"], down = false) =>
    ids(orders, { sort, down }, forecasts);
  expect(sorted("number", true)).toEqual(["c", "b", "a"]);
  expect(sorted("customer")).toEqual(["b", "c", "a"]);
  expect(sorted("priority")).toEqual(["b", "c", "a"]);
  expect(sorted("picked", true)).toEqual(["a", "b", "c"]);
  expect(sorted("wave")).toEqual(["c", "b", "a"]);
  expect(sorted("carrier", true)).toEqual(["c", "a", "b"]);
  expect(sorted("state")).toEqual(["c", "a", "b"]);
  expect(sorted("expected")).toEqual(["b", "a", "c"]);
});

test("a list sorted from the one before is the list sorted from nothing", () => {
  let before: string[] = [];
  const orders = Array.from({ length: 200 }, (_, i) =>
    order({ id: `o${i}`, number: `${i}`, due_at: NOW + ((i * 7919) % 200) }),
  );
  for (let round = 0; round < 20; round++) {
    const one = orders[(round * 31) % orders.length] as OrderRow;
    orders[orders.indexOf(one)] = { ...one, due_at: NOW + ((round * 997) % 300) };
    if (round % 5 === 4) orders.splice(round, 1);
    before = sortedKeys(orders, ALL, NONE, collate, before);
    expect(before).toEqual(sortedKeys(orders, ALL, NONE, collate));
  }
});
