/** How an order stands against its promise, from rows and the time: pure. */
import type { ForecastRow, OrderRow } from "../../kernel/contract";

const OVER: ReadonlySet<string> = new Set([
  "delivered",
  "part_delivered",
  "refused",
  "closed",
  "cancelled",
]);
/** An order that is due within this time is worth a look. */
export const SOON_MS = 2 * 3_600_000;

export type LateKind = "over" | "later" | "soon" | "willBeLate" | "late";
export type Lateness = { kind: LateKind; ms: number };

type Promised = Pick<OrderRow, "state" | "due_at">;

/** `ms` to go, or too late by; `expected`: when it will be finished, as far as the server knows. */
export function lateness(order: Promised, now: number, expected: number | null = null): Lateness {
  const left = order.due_at - now;
  if (OVER.has(order.state)) return { kind: "over", ms: 0 };
  if (left < 0) return { kind: "late", ms: -left };
  if (expected !== null && expected > order.due_at)
    return { kind: "willBeLate", ms: expected - order.due_at };
  return { kind: left < SOON_MS ? "soon" : "later", ms: left };
}

export function isOver(order: Pick<OrderRow, "state">): boolean {
  return OVER.has(order.state);
}

type Coming = Pick<OrderRow, "state" | "eta">;

/** At its door where somebody brings it already, else packed by the site's own pace. */
export function expectedAt(order: Coming, forecast: ForecastRow | undefined): number | null {
  return isOver(order) ? null : (order.eta ?? forecast?.at ?? null);
}
