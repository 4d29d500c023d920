/** Which orders the board shows and in what order, from rows, an address and the time: pure. */
import type { ForecastRow, OrderRow } from "../../kernel/contract";
import { linesPicked } from "./board";
import { expectedAt, type LateKind, lateness } from "./lateness";

export const SORTS = [
  "number",
  "customer",
  "state",
  "wave",
  "carrier",
  "priority",
  "picked",
  "due",
  "expected",
] as const;
export type Sort = (typeof SORTS)[number];

/** What an address of the board asks for; empty: all. */
export interface OrderFilter {
  state: string;
  /** `late`, `will` (by the site's pace), or `any` of both. */
  late: string;
  carrier: string;
  wave: string;
  /** A customer's number, or a part of the name. */
  customer: string;
  /** The least priority. */
  priority: string;
  text: string;
  sort: Sort;
  down: boolean;
}

export const ALL: OrderFilter = {
  state: "",
  late: "",
  carrier: "",
  wave: "",
  customer: "",
  priority: "",
  text: "",
  sort: "due",
  down: false,
};

const NAMES = {
  state: "state",
  late: "late",
  carrier: "carrier",
  wave: "wave",
  customer: "customer",
  priority: "priority",
  text: "q",
} as const;
type Named = keyof typeof NAMES;
const FIELDS = Object.keys(NAMES) as Named[];

export function readFilter(query: URLSearchParams): OrderFilter {
  const filter = { ...ALL };
  for (const field of FIELDS) filter[field] = query.get(NAMES[field]) ?? "";
  const sort = query.get("sort") as Sort;
  if (SORTS.includes(sort)) filter.sort = sort;
  filter.down = query.get("down") === "1";
  return filter;
}

/** The query of an address; what asks for nothing is left out. */
export function filterQuery(filter: OrderFilter): string {
  const query = new URLSearchParams();
  for (const field of FIELDS) if (filter[field]) query.set(NAMES[field], filter[field]);
  if (filter.sort !== ALL.sort) query.set("sort", filter.sort);
  if (filter.down) query.set("down", "1");
  return query.size > 0 ? `?${query}` : "";
}

/** How many of the filters beside state and text are set. */
export function filtersSet(filter: OrderFilter): number {
  return FIELDS.filter(field => field !== "state" && field !== "text" && filter[field]).length;
}

export type Forecasts = ReadonlyMap<string, ForecastRow>;

const LATE: Readonly<Record<string, readonly LateKind[]>> = {
  late: ["late"],
  will: ["willBeLate"],
  any: ["late", "willBeLate"],
};

/** Rows are replaced, never changed: what was made of one holds as long as the row. */
const haystacks = new WeakMap<OrderRow, string>();

function haystack(order: OrderRow): string {
  let found = haystacks.get(order);
  if (found === undefined) {
    const { number, customer, customer_name, ref } = order;
    found = `${number}\n${customer}\n${customer_name}\n${ref}`.toLowerCase();
    haystacks.set(order, found);
  }
  return found;
}

/** Whether an order is asked for, state aside: the counts of states stand beside each other. */
export function isAsked(filter: OrderFilter, forecasts: Forecasts, now: number) {
  const text = filter.text.trim().toLowerCase();
  const customer = filter.customer.trim().toLowerCase();
  const least = Number(filter.priority) || 0;
  const kinds = LATE[filter.late];
  return (order: OrderRow): boolean =>
    (!text || haystack(order).includes(text)) &&
    (!customer || isCustomer(order, customer)) &&
    (!filter.carrier || order.carrier === filter.carrier) &&
    (!filter.wave || String(order.wave) === filter.wave) &&
    order.priority >= least &&
    (!kinds || kinds.includes(standing(order, forecasts, now).kind));
}

function isCustomer({ customer, customer_name }: OrderRow, wanted: string): boolean {
  return customer.toLowerCase() === wanted || customer_name.toLowerCase().includes(wanted);
}

export function standing(order: OrderRow, forecasts: Forecasts, now: number) {
  return lateness(order, now, expectedAt(order, forecasts.get(order.id)));
}

/** How many orders are in each state. */
export function byState(orders: readonly OrderRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of orders) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

type Compare = (a: OrderRow, b: OrderRow) => number;

/** The keys of what is shown, sorted. `before`: those of last time, which are nearly right. */
export function sortedKeys(
  orders: readonly OrderRow[],
  { sort, down }: Pick<OrderFilter, "sort" | "down">,
  forecasts: Forecasts,
  collate: (a: string, b: string) => number,
  before: readonly string[] = [],
): string[] {
  const compare = comparing(sort, forecasts, collate);
  const sign = down ? -1 : 1;
  return nearly(orders, before)
    .sort((a, b) => sign * compare(a, b) || byText(a.number, b.number))
    .map(({ id }) => id);
}

function comparing(sort: Sort, forecasts: Forecasts, collate: typeof byText): Compare {
  const at = (order: OrderRow) =>
    expectedAt(order, forecasts.get(order.id)) ?? Number.MAX_SAFE_INTEGER;
  const by: Record<Sort, Compare> = {
    number: (a, b) => byText(a.number, b.number),
    customer: (a, b) => collate(a.customer_name, b.customer_name),
    state: (a, b) => rank(a.state) - rank(b.state),
    wave: (a, b) => a.wave - b.wave,
    carrier: (a, b) => collate(a.carrier, b.carrier),
    priority: (a, b) => b.priority - a.priority,
    picked: (a, b) => share(a) - share(b),
    due: (a, b) => a.due_at - b.due_at,
    expected: (a, b) => at(a) - at(b),
  };
  return by[sort];
}

/** In the order of last time: what is sorted already costs one look at each. */
function nearly(orders: readonly OrderRow[], before: readonly string[]): OrderRow[] {
  const left = new Map(orders.map(order => [order.id, order]));
  const found: OrderRow[] = [];
  for (const id of before) {
    const order = left.get(id);
    if (order && left.delete(id)) found.push(order);
  }
  return [...found, ...left.values()];
}

/** In the order of their lives; these are always there, the rest when an order is in it. */
export const STATES = [
  "confirmed",
  "released",
  "picking",
  "picked",
  "packing",
  "packed",
  "out_for_delivery",
  "delivered",
];

function rank(state: string): number {
  const at = STATES.indexOf(state);
  return at < 0 ? STATES.length : at;
}

function share(order: OrderRow): number {
  return order.lines > 0 ? linesPicked(order) / order.lines : 0;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
