/** The evidence record: what happened at a stop, in integers and strings only. */
import type { OpArgs, RowTypes } from "../kernel/contract";
import { type Canonical, canonical } from "./canonical";
import type { Outcome } from "./policy";
import type { Place } from "./position";

export type Evidence = OpArgs["pod.deliver"]["record"];
export type Stop = RowTypes["stop"];

/** What the driver has said about a stop. `delivered`: pieces by line, for a part delivery. */
export interface Told {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly delivered: Readonly<Record<number, number>>;
  readonly receiver: string;
}

/** What the device adds by itself. */
export interface Circumstances {
  readonly device: string;
  readonly person: string;
  readonly seq: number;
  readonly prev: string;
  readonly signature: string | null;
  readonly photos: readonly string[];
  readonly place: Place;
  readonly at: number;
  readonly boot: string;
  /** Milliseconds since the app started. */
  readonly mono: number;
  readonly serverSeen: number;
}

export function evidence(stop: Stop, told: Told, by: Circumstances): Evidence {
  const { outcome, reason } = told;
  return {
    v: 1,
    device: by.device,
    seq: by.seq,
    prev: by.prev,
    person: by.person,
    run: stop.run,
    stop: stop.id,
    order: stop.order,
    outcome,
    reason,
    receiver: cleaned(told.receiver),
    lines: stop.lines.map(line => {
      const delivered = handedOver(line, told);
      return {
        no: line.no,
        sku: line.sku,
        qty: line.qty,
        delivered,
        reason: delivered < line.qty ? reason : "",
      };
    }),
    signature: by.signature,
    photos: by.photos,
    ...by.place,
    at: by.at,
    boot: by.boot,
    mono_ms: Math.round(by.mono),
    server_seen: by.serverSeen,
  };
}

/** Pieces of a line that the receiver has kept. */
export function handedOver(line: { no: number; qty: number }, told: Told): number {
  if (told.outcome === "full") return line.qty;
  if (told.outcome !== "partial") return 0;
  return Math.min(line.qty, Math.max(0, told.delivered[line.no] ?? line.qty));
}

export const NAME_LENGTH = 120;

/** A name that canonical JSON and the server take: no control characters, no half characters. */
function cleaned(name: string): string {
  const plain = name
    .replace(/\p{Cc}/gu, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim();
  return [...plain].slice(0, NAME_LENGTH).join("");
}

/** The bytes that are hashed and signed. */
export function bytesOf(record: Evidence): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonical(record as unknown as Canonical));
}
