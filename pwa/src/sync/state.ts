/** What the sync core knows, hears and asks for. The core itself is `core.ts`. */
import type { Answer, Cursors, Frame, WireError, WireOp, WireRow } from "../kernel/wire";

/** What must survive a crash; it changes only in the same transaction as the rows. */
export interface Durable {
  readonly device: string;
  readonly epoch: string;
  readonly cur: Cursors;
  /** Operations up to here are answered and their effect is among the rows. */
  readonly done: number;
  /** The highest answer seen; `done` follows when no more pages are to come. */
  readonly seen: number;
  /** A page was the last thing adopted: the rows are not whole yet. */
  readonly more: boolean;
  /** On which day which operation was answered: what the 30 days of keeping count from. */
  readonly answered: readonly Mark[];
}

export interface Mark {
  readonly n: number;
  readonly at: number;
}

/** Why the exchange does not go on by itself. `revoked`, `fork` and `too_old` need a person. */
export interface Stopped {
  readonly code: string;
  /** Whether the core keeps trying, once a minute. */
  readonly retry: boolean;
}

export interface Ask {
  readonly id: number;
  readonly via: Via;
  readonly sid: string | null;
  /** The highest operation that travels with it, 0 without any. */
  readonly upTo: number;
}

export type Via = "ws" | "http";

export interface State {
  readonly durable: Durable;
  /** Operations with `n > done`, in order: what the view folds. */
  readonly pending: readonly WireOp[];
  /** The highest `n` ever given on this device. */
  readonly lastN: number;
  readonly sid: string | null;
  readonly app: string;
  readonly link: "down" | "connecting" | "up";
  readonly asking: Ask | null;
  readonly nextId: number;
  /** Something may have changed at the server since the last answer. */
  readonly stale: boolean;
  /** Much may be to come: long away, somebody else signed in, or pages are missing. */
  readonly behind: boolean;
  /** When the server last said anything; `null` before it did. */
  readonly heard: number | null;
  /** Failures in a row of asking, and of connecting: they set the back-off. */
  readonly askFailures: number;
  readonly linkFailures: number;
  /** Until when the server asked to be left alone; a timer of `ask` ends it. */
  readonly resting: boolean;
  readonly batch: number;
  /**
   * The server has had operations up to here without answering them: the answer is on a later
   * page, or never comes because the device is revoked or too old.
   */
  readonly taken: number;
  /** The sign-in that the cursors are for: that of the last question which was answered. */
  readonly answeredSid: string | null;
  readonly online: boolean;
  /** When `online` last changed. */
  readonly since: number | null;
  readonly stopped: Stopped | null;
}

export type TimerName = "ask" | "connect" | "beat" | "silence" | "lost";

/** `jitter` is a number in [0, 1), made by the shell so that the core needs no chance. */
export type Event = { readonly at: number; readonly jitter: number } & (
  | { readonly t: "start" }
  | { readonly t: "queued"; readonly ops: readonly WireOp[] }
  | { readonly t: "person"; readonly sid: string | null }
  | { readonly t: "opened" }
  | { readonly t: "closed" }
  | { readonly t: "heard" }
  | { readonly t: "pull" }
  | {
      readonly t: "answer";
      readonly id: number;
      readonly asked: Asked;
      readonly answer: Answer;
      /** With a restart: every operation that the disk still holds. */
      readonly kept?: readonly WireOp[];
    }
  | { readonly t: "push"; readonly base: Cursors; readonly answer: Answer }
  | {
      readonly t: "failed";
      readonly id: number;
      /** HTTP status, 0 when nothing came back. */
      readonly status: number;
      readonly error: WireError;
      /** Seconds the server asked to wait. */
      readonly wait: number;
    }
  /** `code` when the server refused the device; without it there was no answer. */
  | { readonly t: "authenticated"; readonly ok: boolean; readonly code?: string }
  | { readonly t: "timer"; readonly name: TimerName }
  | { readonly t: "online" }
  | { readonly t: "offline" }
  | { readonly t: "visible" }
);

/** The life and the cursors that a request was made with. */
export interface Asked {
  readonly epoch: string;
  readonly cur: Cursors;
}

export type Effect =
  /** One transaction: forget (all, or scopes), put and delete rows, write `durable`. */
  | { readonly t: "save"; readonly durable: Durable; readonly change: Change }
  | { readonly t: "send"; readonly via: Via; readonly id: number; readonly frame: Frame }
  | { readonly t: "timer"; readonly name: TimerName; readonly ms: number }
  | { readonly t: "connect" }
  | { readonly t: "close" }
  | { readonly t: "beat" }
  | { readonly t: "authenticate" };

export interface Change {
  readonly forget: "all" | readonly string[];
  readonly rows: readonly WireRow[];
}

export type Step = readonly [State, readonly Effect[]];
