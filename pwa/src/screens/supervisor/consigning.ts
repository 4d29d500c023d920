/** Offers and waybills as the supervisor sees them, and which shipments could go as one. */
import { formatDate, formatNumber } from "../../i18n";
import type { ConsignmentRow } from "../../kernel/contract";

export interface Part {
  readonly what: string;
  readonly amount: number;
}

export interface Quote {
  readonly carrier: string;
  readonly carrier_name: string;
  readonly service: string;
  readonly service_name: string;
  readonly parts: readonly Part[];
  readonly currency: string;
  readonly days: number;
  readonly arrives_by: number;
}

/** How a carrier has done in the last `days`; shares per mille. `dearer_bp`: null with fewer than
 * `least` ended waybills. */
export interface CarrierRecord {
  readonly days: number;
  readonly ended: number;
  readonly least: number;
  readonly on_time_pm: number;
  readonly harmed_pm: number;
  readonly back_pm: number;
  readonly dearer_bp: number | null;
}

export interface Offer {
  readonly quote: Quote;
  readonly total: number;
  readonly late: boolean;
  /** The price by which it was compared: the carrier's record is in it. */
  readonly counts_as: number;
  readonly record: CarrierRecord | null;
}

export interface NoFit {
  readonly carrier: string;
  readonly carrier_name: string;
  readonly service: string;
  readonly why: string;
  readonly value: string;
  readonly mend: string;
}

/** What `/api/carriers/quotes` answers: the best offer first. */
export interface Quotes {
  readonly offers: readonly Offer[];
  readonly refused: readonly NoFit[];
  readonly currency: string;
  readonly weight_g: number;
  readonly value: number;
  readonly needs: readonly string[];
  readonly urgent: boolean;
  readonly due_at: number;
}

export function offerKey({ quote }: Offer): string {
  return `${quote.carrier}/${quote.service}`;
}

/** `total` in the currency's smallest unit; without a currency as a plain number. */
export function money(total: number, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return formatNumber(total);
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return formatNumber(total / 10 ** maximumFractionDigits, { style: "currency", currency });
}

/** The last minute of the day by whose end it is there: midnight would read as the next day. */
export function endOf(arrivesBy: number): string {
  return formatDate(arrivesBy - 1);
}

/** Waiting at the dock, the oldest first. */
export function waiting(rows: readonly ConsignmentRow[]): ConsignmentRow[] {
  return rows
    .filter(({ state }) => state === "packed")
    .sort((a, b) => a.packed_at - b.packed_at || a.order_number.localeCompare(b.order_number));
}

/** On a carrier's way; the house's own vans stand under runs. */
export function underway(rows: readonly ConsignmentRow[]): ConsignmentRow[] {
  return rows
    .filter(({ state, carrier }) => state !== "packed" && carrier !== "" && carrier !== "own")
    .sort((a, b) => a.arrives_by - b.arrives_by || a.number.localeCompare(b.number));
}

/** Groups of waiting shipments to one door, packed the same day, with no waybill in common yet. */
export function couldBeOne(rows: readonly ConsignmentRow[]): ConsignmentRow[][] {
  const groups = new Map<string, ConsignmentRow[]>();
  for (const row of waiting(rows)) {
    const key = `${row.door} ${new Date(row.packed_at).toDateString()}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].filter(
    group => group.length > 1 && new Set(group.map(row => row.number || row.id)).size > 1,
  );
}

export interface ToFetch {
  readonly carrier: string;
  readonly name: string;
  readonly waybills: number;
}

/** Carriers with waybills that nobody comes for yet. */
export function toFetch(rows: readonly ConsignmentRow[]): ToFetch[] {
  const numbers = new Map<string, Set<string>>();
  const names = new Map<string, string>();
  for (const row of waiting(rows)) {
    if (row.carrier === "" || row.carrier === "own" || row.pickup_at !== 0) continue;
    numbers.set(row.carrier, (numbers.get(row.carrier) ?? new Set()).add(row.number));
    names.set(row.carrier, row.carrier_name);
  }
  return [...numbers].map(([carrier, found]) => ({
    carrier,
    name: names.get(carrier) ?? carrier,
    waybills: found.size,
  }));
}

/** A moment as `datetime-local` writes it, on the device's clock. */
export function localInput(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
