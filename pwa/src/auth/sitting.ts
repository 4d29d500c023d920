/** Who works now, across a reload of the app but not across half an hour of nothing. */
import { isRecord } from "../kernel/http";
import type { Storage } from "../outbox/storage";
import type { DeviceRecord } from "./device";
import { utf8 } from "./encode";
import type { Grant } from "./grant";

export const IDLE_MS = 30 * 60_000;

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly box: ArrayBuffer;
}

export interface Sitting {
  readonly grant: Grant;
  readonly badge: string;
  /** When the person last touched the device; milliseconds since 1970. */
  readonly seen: number;
}

const NAME = "sitting";

export async function keepSitting(
  storage: Storage,
  device: DeviceRecord,
  sitting: Sitting,
): Promise<void> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = utf8(JSON.stringify(sitting));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, device.seal, text);
  await storage.putMeta(NAME, { iv, box } satisfies Sealed);
}

/** The sitting that goes on at `now`; `null` when nobody sat, it idled out or the grant has ended. */
export async function readSitting(
  storage: Storage,
  device: DeviceRecord,
  now: number,
): Promise<Sitting | null> {
  const sealed = await storage.getMeta<Sealed>(NAME);
  if (!sealed) return null;
  try {
    const { iv, box } = sealed;
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, device.seal, box);
    const sitting: unknown = JSON.parse(new TextDecoder().decode(text));
    return isRecord(sitting) && goesOn(sitting as unknown as Sitting, now)
      ? (sitting as unknown as Sitting)
      : null;
  } catch {
    return null;
  }
}

export function goesOn(sitting: Sitting, now: number): boolean {
  return now - sitting.seen < IDLE_MS && now < sitting.grant.expires;
}

export async function endSitting(storage: Storage): Promise<void> {
  await storage.write(["meta"], tx => tx.objectStore("meta").delete(NAME));
}
