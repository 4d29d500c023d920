/** The answers of `GET /api/exceptions` and `GET /api/exceptions/{id}`. All times in ms. */
import type { DiscrepancyRow } from "../../kernel/contract";

/** A settled case; `reused`: how often its words helped since. */
export interface KnownCase {
  id: string;
  kind: string;
  cause: string;
  note: string;
  sku: string;
  customer_name: string | null;
  order_number: string | null;
  settled_at: number;
  settled_by: string | null;
  reused: number;
}

export interface KnownCases {
  cases: readonly KnownCase[];
  more: boolean;
}

/** `about`: to whom, how many per cent, or which cause. */
export interface CaseEntry {
  no: number;
  at: number;
  what: string;
  person_name: string | null;
  level: number;
  about: string;
  text: string;
}

export interface CaseStory {
  case: DiscrepancyRow;
  sku: string;
  cause: string;
  note: string | null;
  settled_at: number | null;
  entries: readonly CaseEntry[];
  known: readonly KnownCase[];
}
