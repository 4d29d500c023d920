/** The answers of `GET /api/orders` and `GET /api/orders/{id}`. All times in ms. */

export interface Found {
  id: string;
  number: string;
  ref: string;
  customer_name: string;
  state: string;
  due_at: number;
  changed_at: number;
  /** What matched: number, ref, parcel, waybill, phone, customer, name or item. */
  why: string;
  /** The words or digits of the order that did. */
  matched: string;
}

/** `more`: what to send as `after` for the next orders; empty: there are none. */
export interface FoundOrders {
  orders: readonly Found[];
  more: string;
}

export interface Blob {
  ref: string;
  sha256: string;
  state: "missing" | "partial" | "complete" | "refused";
  mime: string;
}

export interface Proof {
  id: string;
  hash: string;
  /** The record's number on its device. */
  seq: number;
  verdicts: Record<string, string>;
  /** Eight answers by name, `ok` or what is wrong. */
  checks: Record<string, string>;
  /** `n`: the number of the server's receipt; `key`: fingerprint. */
  countersigned: { n: number; at: number; key: string } | null;
  position: { lat_e7: number; lon_e7: number; acc_cm: number; age_ms: number } | null;
  no_position: string;
  evidence_complete: boolean;
  counts: boolean;
  /** Hash of the record that replaced it. */
  superseded: string | null;
  corrects: string | null;
}

export interface Moment {
  at: number;
  kind: string;
  person: string | null;
  person_name: string | null;
  device: string;
  device_name: string | null;
  data: Record<string, unknown>;
  photos: readonly Blob[];
  signature: Blob | null;
  proof: Proof | null;
}

export interface StoryLine {
  no: number;
  sku: string;
  name: string;
  qty: number;
  picked: number;
  shipped: number;
  delivered: number;
  substitute: string | null;
  substituted: number;
}

export interface StoryStop {
  id: string;
  run: string;
  run_number: number;
  vehicle: string;
  seq: number;
  state: string;
  outcome: string | null;
  reason: string | null;
  arrived_at: number | null;
  closed_at: number | null;
  eta: number | null;
  delayed: boolean;
  policy: string;
  proof: string | null;
}

export interface StoryReturn {
  id: string;
  number: string;
  state: "opened" | "received" | "withdrawn";
  party: string;
  reason: string;
  origin: string;
  reship: string | null;
  reship_number: string | null;
  lines: readonly {
    no: number;
    sku: string;
    qty: number;
    back: number;
    received: number;
    reason: string;
  }[];
}

export interface OrderStory {
  ver: number;
  id: string;
  /** Path of the page that the customer sees. */
  track: string;
  number: string;
  channel: string;
  ref: string;
  type: string;
  state: string;
  customer: string;
  customer_name: string;
  ship_to: Record<string, string>;
  currency: string;
  /** In the currency's smallest unit. */
  total: number;
  placed_at: number;
  due_at: number;
  /** When it will be there, as far as anybody knows. Of a carrier the end of its day. */
  expected: { by: "van" | "carrier"; at: number; delayed: boolean } | null;
  changed_at: number;
  lines: readonly StoryLine[];
  parcels: readonly {
    number: string;
    state: string;
    weight_g: number;
    packed_at: number | null;
  }[];
  stops: readonly StoryStop[];
  returns: readonly StoryReturn[];
  /** Orders that the customer cancelled lately; 0 where that is not often. */
  cancels_often: number;
  /** What the customer may send back now, and why. */
  returnable: {
    lines: readonly { no: number; sku: string; name: string; left: number }[];
    reasons: readonly string[];
  };
  replaces: string | null;
  replaces_number: string | null;
  discrepancies: readonly { id: string; kind: string; outcome: string; at: number }[];
  /** Stops that are closed without a record. */
  unproven: readonly string[];
  story: readonly Moment[];
}
