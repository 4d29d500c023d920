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
}

export interface Dashboard {
  first: string;
  last: string;
  starts: string[];
  figures: Shown[];
  by_of: Record<string, string[]>;
  behind: string[];
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
}

export interface Orders {
  orders: Behind[];
  more: string;
}
