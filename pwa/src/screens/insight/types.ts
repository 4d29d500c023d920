/** What the server answers about figures. */

export interface Worth {
  /** `null`: there is nothing to divide by. */
  value: number | null;
  top: number;
  bottom: number;
}

export interface Shown {
  key: string;
  whole: Worth;
  series: Worth[];
  target: number | null;
  /** Hours, of the cycle time. */
  median: number | null;
  most: number | null;
  /** The dimensions because of which there is nothing to tell. */
  lacks: string[];
}

export interface Dashboard {
  first: string;
  last: string;
  /** The day from which on orders are counted, where all of them are too many. */
  since: string;
  starts: string[];
  figures: Shown[];
  by_of: Record<string, string[]>;
  behind: string[];
  /** Of the members that are asked about. */
  names: Record<string, string>;
  /** Of what is priced; empty: nothing is. */
  currency: string;
  /** How far the log is counted. */
  counted: number;
  as_of: number;
}

export interface Member {
  member: string;
  name: string;
  worth: Worth;
}

export interface Scores {
  member: string;
  name: string;
  scores: Record<string, Worth>;
}

export interface Choice {
  member: string;
  name: string;
}

export interface Behind {
  id: string;
  number: string;
  customer_name: string;
  state: string;
  placed_at: number;
  due_at: number;
  ended_at: number;
  destination: string;
  carrier: string;
  /** What the figure is of this order alone, where it is one of work or money. */
  worth: number | null;
}

export interface Orders {
  orders: Behind[];
  more: string;
}
