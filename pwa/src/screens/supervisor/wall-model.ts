/** What a wall of the site shows, from rows and the time: pure. */
import type { OrderRow } from "../../kernel/contract";
import { expectedAt, type Lateness, lateness } from "../desk/lateness";
import type { Forecasts } from "../desk/open-orders";

export interface LateOrder {
  order: OrderRow;
  standing: Lateness;
}

/** What is late, the worst first, then what will be: whatever does not fit is less late. */
export function lateOrders(
  orders: readonly OrderRow[],
  forecasts: Forecasts,
  now: number,
): LateOrder[] {
  return orders
    .map(order => ({
      order,
      standing: lateness(order, now, expectedAt(order, forecasts.get(order.id))),
    }))
    .filter(({ standing: { kind } }) => kind === "late" || kind === "willBeLate")
    .sort(
      (a, b) =>
        Number(a.standing.kind !== "late") - Number(b.standing.kind !== "late") ||
        b.standing.ms - a.standing.ms ||
        (a.order.number < b.order.number ? -1 : 1),
    );
}

/** So long without a word of the server (ms) and a wall is not live: six beats of it. */
export const STALE_MS = 60_000;

export type Freshness = "live" | "stale" | "empty";

/** `heardAt`: when this device last heard the server, by its own clock; null: never. */
export function freshness(online: boolean, heardAt: number | null, now: number): Freshness {
  if (heardAt === null) return "empty";
  return online && now - heardAt < STALE_MS ? "live" : "stale";
}
