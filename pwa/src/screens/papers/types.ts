/** The answers of `GET /documents/papers` and `GET /documents/orders/{id}/papers`. Times in ms. */

export interface Wanted {
  readonly paper: string;
  readonly why: readonly string[];
  readonly state: "lacking" | "old" | "waiting" | "ready";
}

export interface Kept {
  readonly id: string;
  readonly paper: string;
  readonly source: "issued" | "attached" | "waived";
  readonly number: string;
  readonly version: number;
  readonly lang: string;
  readonly note: string;
  readonly by: string;
  readonly at: number;
  readonly mime: string;
  readonly bytes: "missing" | "partial" | "complete" | "refused";
  readonly sha256: string;
  readonly counts: boolean;
}

export interface OrderPapers {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly customer_name: string;
  readonly wanted: readonly Wanted[];
  readonly papers: readonly Kept[];
  /** Papers that are made here, and usual ones that others make. */
  readonly makes: readonly string[];
  readonly takes: readonly string[];
}

export interface Lacking {
  readonly id: string;
  readonly number: string;
  readonly customer_name: string;
  readonly country: string;
  readonly state: string;
  readonly due_at: number;
  readonly papers: readonly string[];
}

export interface LackingOrders {
  readonly orders: readonly Lacking[];
  readonly more: boolean;
}

export interface Issued {
  readonly id: string;
  readonly paper: string;
  readonly number: string;
  readonly version: number;
  readonly fault: string;
}
