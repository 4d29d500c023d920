import type { Scan } from "../../scan/resolve";
import type { Found, FoundOrders } from "./story-types";

/** What to search for after a scan; null for what is no order's. */
export function searchText(scan: Scan): string | null {
  if (scan.kind === "refused" || scan.kind === "badge" || scan.kind === "location") return null;
  const said = scan.gtin ?? scan.sscc ?? written(scan) ?? scan.text;
  return said.replaceAll("\u001d", "").slice(0, 100);
}

/** A code of neither goods nor a parcel, such as a customer's order number, as people write it. */
function written(scan: Scan): string | undefined {
  if (!scan.elements?.length) return undefined;
  return scan.elements.map(({ ai, value }) => `(${ai})${value}`).join("");
}

/** The order that a scan can only mean; null where there are several, or none. */
export function onlyOne({ orders, more }: FoundOrders): Found | null {
  return orders.length === 1 && more === "" ? (orders[0] ?? null) : null;
}

/** Both pages in their order; what was found in two ways is shown once. */
export function joined(shown: readonly Found[], next: readonly Found[]): readonly Found[] {
  const known = new Set(shown.map(order => order.id));
  return [...shown, ...next.filter(order => !known.has(order.id))];
}

const WHYS = ["number", "ref", "parcel", "waybill", "phone", "customer", "name", "item"] as const;
export type Why = (typeof WHYS)[number];

export function whyOf({ why }: Pick<Found, "why">): Why {
  return WHYS.find(each => each === why) ?? "number";
}

/** What is to be said of the match beside the row's own number and name; empty: nothing more. */
export function matchedWords(order: Found): string {
  return order.matched === order.number || order.matched === order.customer_name
    ? ""
    : order.matched;
}
