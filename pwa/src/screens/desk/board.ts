/** What the board counts and keeps, from rows and the time: pure. */
import type { ForecastRow, OrderRow, PersonRow, TaskRow } from "../../kernel/contract";
import type { KnownDevice } from "./devices";
import { expectedAt, type LateKind, lateness } from "./lateness";

const NOT_RELEASED: ReadonlySet<string> = new Set([
  "draft",
  "review",
  "confirmed",
  "hold",
  "cancelled",
]);
export interface Figures {
  tasksOpen: number;
  tasksHeld: number;
  /** Per cent of the lines of released orders that are accounted for; null when none is released. */
  picked: number | null;
  /** Orders that are not over. */
  open: number;
  /** Past their promise; and those that will be, by the site's own pace. */
  late: number;
  willBeLate: number;
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
  forecasts: ReadonlyMap<string, ForecastRow> = new Map(),
): Figures {
  const stand = counted(orders, forecasts, now);
  const released = orders.filter(wasReleased);
  const lines = sum(released, order => order.lines);
  const picked = sum(released, linesPicked);
  const inUse = devices.filter(device => device.active);
  const waiting = inUse.flatMap(({ oldest }) => (oldest === null ? [] : [oldest]));
  return {
    tasksOpen: tasks.filter(task => task.state === "open").length,
    tasksHeld: tasks.filter(task => task.state === "held").length,
    picked: lines > 0 ? Math.floor((100 * picked) / lines) : null,
    open: orders.length - (stand.over ?? 0),
    late: stand.late ?? 0,
    willBeLate: stand.willBeLate ?? 0,
    online: inUse.filter(device => device.online).length,
    devices: inUse.length,
    unsent: sum(inUse, device => device.unsent),
    oldest: waiting.length > 0 ? Math.min(...waiting) : null,
  };
}

/** What was stopped on its way through the house is in it still. */
function wasReleased({ state, wave }: OrderRow): boolean {
  return state === "hold" ? wave > 0 : !NOT_RELEASED.has(state);
}

function counted(
  orders: readonly OrderRow[],
  forecasts: ReadonlyMap<string, ForecastRow>,
  now: number,
): Partial<Record<LateKind, number>> {
  const counts: Partial<Record<LateKind, number>> = {};
  for (const order of orders) {
    const { kind } = lateness(order, now, expectedAt(order, forecasts.get(order.id)));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** A line that is picked from two bins counts twice in the row, and once here. */
export function linesPicked(order: OrderRow): number {
  return Math.min(order.picked, order.lines);
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
