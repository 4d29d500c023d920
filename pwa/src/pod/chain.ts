/**
 * Each record names the hash of this device's record before, so that none can be taken out without
 * a gap. The head stands in the newest `pod.deliver` on the disk; answered operations are deleted
 * after 30 days, so it is noted apart as well, and the higher of the two counts.
 */

import { isRecord } from "../kernel/http";
import { toHex } from "../kernel/ids";
import type { WireOp } from "../kernel/wire";
import { lastOp } from "../sync";
import { disk } from "../sync/engine";

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The operations that carry a record. */
const SEALING = ["pod.deliver", "pod.enter_proof"] as const;

export const CHAIN_START: Head = { seq: 0, hash: "0".repeat(64) };

/** The head of `device`'s chain as it stands on the disk. */
export async function chainHead(device: string): Promise<Head> {
  const noted = await disk().getMeta<Head>(keyOf(device));
  const said = await Promise.all(SEALING.map(lastOp));
  const heads = said.map(op => headIn(op, device));
  return [noted, ...heads].reduce<Head>((a, b) => (b && b.seq > a.seq ? b : a), CHAIN_START);
}

/** As it is noted with the record. */
export function headNote(device: string, head: Head): Readonly<Record<string, Head>> {
  return { [keyOf(device)]: head };
}

/** What an operation says of the chain, if the record in it is this device's. */
export function headIn(op: WireOp | undefined, device: string): Head | undefined {
  const { record, hash } = op?.body ?? {};
  if (!isRecord(record) || record.device !== device || typeof hash !== "string") return undefined;
  return typeof record.seq === "number" ? { seq: record.seq, hash } : undefined;
}

export async function sha256Hex(bytes: BufferSource): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function keyOf(device: string): string {
  return `pod.head:${device}`;
}
