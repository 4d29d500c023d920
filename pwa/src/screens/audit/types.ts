/** The answers of `GET /api/audit` and `GET /api/audit/entry`. All times in ms. */

export interface AuditEntry {
  device: string;
  device_name: string | null;
  n: number;
  person: string | null;
  person_name: string | null;
  kind: string;
  outcome: string;
  code: string | null;
  /** When it happened, and when it was written down, in this version of the site. */
  at: number;
  recv_at: number;
  ver: number;
  order: string | null;
  order_number: string | null;
  /** The reason or note that was given. */
  why: string;
}

export interface Chain {
  /** The last version in the chain. */
  sealed: number;
  signed: number;
  /** 0: never. */
  signed_at: number;
  checked: number;
  checked_at: number;
  findings: number;
  /** What is wrong first. */
  first: string;
}

/** `more`: what to send as `after` for older entries; empty: there are none. */
export interface AuditPage {
  entries: readonly AuditEntry[];
  chain: Chain;
  more: string;
}

export interface Fact {
  /** Names and numbers from the outside in, between dots. */
  path: string;
  value: string | number | boolean | null;
  hidden: "" | "personal" | "secret";
}

export interface Opened {
  entry: AuditEntry;
  said: readonly Fact[];
  answer: readonly Fact[];
  followed: readonly { kind: string; facts: readonly Fact[] }[];
  seal: "whole" | "waiting" | "broken";
  chain: Chain;
}
