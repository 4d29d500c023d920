import { signal } from "@preact/signals";
import type { RowTypes } from "../../kernel/contract";

/** What the device puts on a label while the server's own cannot be had. */
export interface Label {
  readonly parcel: string;
  /** `1 / 2`: which carton of the shipment; of how many is known with the last one. */
  readonly place: string;
  readonly order: string;
  /** Its id. */
  readonly of: string;
  readonly name: string;
  /** Street, town, country; as many lines as the order gives. */
  readonly address: readonly string[];
  readonly phone: string;
  readonly weight_g: number;
  /** The task that goes on with another carton; empty after the last one. */
  readonly next: string;
  /** It goes to the printer as soon as it is shown. */
  readonly print: boolean;
}

/** Labels of this sitting: rows of a closed parcel leave the device with the server's answer. */
export const labels = signal<ReadonlyMap<string, Label>>(new Map());

/** Enough to print one again; addresses are not kept longer than they are needed. */
const KEPT = 20;

export function keepLabel(label: Label): void {
  labels.value = new Map([...labels.value, [label.parcel, label] as const].slice(-KEPT));
}

type Sealed = Pick<Label, "weight_g" | "next" | "print">;

export function labelOf(job: RowTypes["pack_job"], parcel: string, sealed: Sealed): Label {
  const to = shipTo(job.ship_to);
  const at = job.cartons.findIndex(each => each.parcel === parcel);
  const no = (at < 0 ? job.cartons.length : at) + 1;
  return {
    parcel,
    place: sealed.next === "" ? `${no} / ${no}` : String(no),
    order: job.order_number,
    of: job.order,
    name: to.name || job.customer_name,
    address: addressLines(to),
    phone: to.phone ?? "",
    ...sealed,
  };
}

interface ShipTo {
  readonly name?: string;
  readonly street?: string;
  readonly city?: string;
  readonly postcode?: string;
  readonly province?: string;
  readonly country?: string;
  readonly phone?: string;
}

/** The row carries the address as JSON; an older one may carry plain text. */
export function shipTo(text: string): ShipTo {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Plain text, shown as it is.
  }
  return { street: text };
}

export function addressLines({ street, city, postcode, province, country }: ShipTo): string[] {
  const town = [postcode, city, province].filter(Boolean).join(" ");
  return [street, town, country].filter((line): line is string => !!line);
}
