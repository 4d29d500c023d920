/** The frames of `docs/protocol.md`. Times are milliseconds since 1970, UTC. */

/** At most this many operations travel in one frame. */
export const MAX_OPS = 50;

/** Room for operations in a frame of 256 KB; the rest is for cursors and the envelope. */
export const MAX_OPS_BYTES = 200_000;

/** Cursors by scope, each `pos.snap`. */
export type Cursors = Readonly<Record<string, string>>;

/** One operation as it travels and as it stands on the disk: never changed once written. */
export interface WireOp {
  /** Consecutive per device, from 1. */
  readonly n: number;
  readonly id: string;
  /** The sign-in under which it was made. */
  readonly sid: string | null;
  readonly k: string;
  readonly v: number;
  readonly at: number;
  /** Names the run of the app in which `mono` counts. */
  readonly boot: string;
  /** Milliseconds since the app started, from a clock that nobody can set. */
  readonly mono: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly refs: readonly string[];
}

export interface Frame {
  readonly p: 1;
  readonly dev: string;
  readonly sid: string | null;
  readonly epoch: string;
  readonly app: string;
  readonly now: number;
  readonly cur: Cursors;
  readonly ops: readonly WireOp[];
}

/** `[scope, kind, key, version, body]`; a body of `null` takes the row away. */
export type WireRow = readonly [
  scope: string,
  kind: string,
  key: string,
  ver: number,
  body: unknown,
];

export interface Delta {
  readonly epoch: string;
  readonly now: number;
  readonly rows: readonly WireRow[];
  readonly cur: Cursors;
  readonly reset: readonly string[];
  readonly more: boolean;
}

export interface Restart {
  readonly restart: true;
  readonly epoch: string;
  readonly last_n: number;
  readonly now: number;
}

export type Answer = Delta | Restart;

export interface WireError {
  readonly code: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export function sameCursors(a: Cursors, b: Cursors): boolean {
  const scopes = Object.keys(a);
  return scopes.length === Object.keys(b).length && scopes.every(scope => a[scope] === b[scope]);
}
