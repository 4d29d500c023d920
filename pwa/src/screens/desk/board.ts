/** What the board counts and keeps, from rows and the time: pure. */
import type { OrderRow, PersonRow, TaskRow } from "../../kernel/contract";
import type { KnownDevice } from "./devices";

const OVER: ReadonlySet<string> = new Set([
  "delivered",
  "part_delivered",
  "refused",
  "closed",
  "cancelled",
]);
const NOT_RELEASED: ReadonlySet<string> = new Set([
  "draft",
  "review",
  "confirmed",
  "hold",
  "cancelled",
]);
/** An order that is due within this time is worth a look. */
export const SOON_MS = 2 * 3_600_000;

export type Lateness = { kind: "over" | "later" | "soon" | "late"; ms: number };

/** How an order stands against its promise; `ms` to go, or too late by. */
export function lateness(order: Pick<OrderRow, "state" | "due_at">, now: number): Lateness {
  const left = order.due_at - now;
  if (OVER.has(order.state)) return { kind: "over", ms: 0 };
  if (left < 0) return { kind: "late", ms: -left };
  return { kind: left < SOON_MS ? "soon" : "later", ms: left };
}

export interface Figures {
  tasksOpen: number;
  tasksHeld: number;
  /** Per cent of the lines of released orders that are accounted for; null when none is released. */
  picked: number | null;
  late: number;
  online: number;
  devices: number;
  unsent: number;
  /** When the oldest action was made that some device has not sent yet, ms. */
  oldest: number | null;
}

export function figures(
  orders: readonly OrderRow[],
  tasks: readonly TaskRow[],
  devices: readonly KnownDevice[],
  now: number,
): Figures {
  const released = orders.filter(order => !NOT_RELEASED.has(order.state));
  const lines = sum(released, order => order.lines);
  const picked = sum(released, linesPicked);
  const inUse = devices.filter(device => device.active);
  const waiting = inUse.flatMap(({ oldest }) => (oldest === null ? [] : [oldest]));
  return {
    tasksOpen: tasks.filter(task => task.state === "open").length,
    tasksHeld: tasks.filter(task => task.state === "held").length,
    picked: lines > 0 ? Math.floor((100 * picked) / lines) : null,
    late: orders.filter(order => lateness(order, now).kind === "late").length,
    online: inUse.filter(device => device.online).length,
    devices: inUse.length,
    unsent: sum(inUse, device => device.unsent),
    oldest: waiting.length > 0 ? Math.min(...waiting) : null,
  };
}

/** A line that is picked from two bins counts twice in the row, and once here. */
export function linesPicked(order: OrderRow): number {
  return Math.min(order.picked, order.lines);
}

export interface OrderFilter {
  /** A state, `late`, or empty for all. */
  state: string;
  text: string;
}

/** The orders that a filter keeps, the soonest due first: what changes does not move its row. */
export function shownOrders(
  orders: readonly OrderRow[],
  { state, text }: OrderFilter,
  now: number,
): OrderRow[] {
  const wanted = text.trim().toLowerCase();
  return orders
    .filter(order => inState(order, state, now))
    .filter(order => wanted === "" || haystack(order).includes(wanted))
    .sort((a, b) => a.due_at - b.due_at || compare(a.number, b.number));
}

function inState(order: OrderRow, state: string, now: number): boolean {
  if (state === "late") return lateness(order, now).kind === "late";
  return state === "" || order.state === state;
}

function haystack({ number, customer, customer_name, ref }: OrderRow): string {
  return `${number}\n${customer}\n${customer_name}\n${ref}`.toLowerCase();
}

/** How many orders are in each state. */
export function byState(orders: readonly OrderRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of orders) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

const RANK: Readonly<Record<string, number>> = { held: 0, open: 1, done: 2, cancelled: 3 };

/** Work in hand first, then what waits by priority, then what is over. */
export function shownTasks(tasks: readonly TaskRow[], withOver: boolean): TaskRow[] {
  return tasks
    .filter(task => withOver || task.state === "open" || task.state === "held")
    .sort(
      (a, b) =>
        (RANK[a.state] ?? 9) - (RANK[b.state] ?? 9) ||
        b.priority - a.priority ||
        a.due_at - b.due_at ||
        compare(a.title, b.title) ||
        compare(a.id, b.id),
    );
}

/** Whatever is not named here is pickers' work. */
const ROLES_OF_KIND: Readonly<Record<string, readonly string[]>> = {
  pack: ["packer"],
  check: ["picker", "packer"],
  drive: ["driver"],
};
const PICKERS = ["picker"];

/** Who may be given a task of that kind, by name. */
export function candidates(people: readonly PersonRow[], kind: string): PersonRow[] {
  const able = ROLES_OF_KIND[kind] ?? PICKERS;
  return people
    .filter(({ active, role }) => active && (able.includes(role) || role === "supervisor"))
    .sort((a, b) => compare(a.name, b.name));
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
