/** A person's sign-in on this device, kept so that it opens again without a network. */
import { isRecord } from "../kernel/http";
import type { Storage } from "../outbox/storage";
import type { DeviceRecord } from "./device";
import { toBase64Url, utf8 } from "./encode";

/** What the server gives at sign-in. Times in milliseconds since 1970. */
export interface Grant {
  readonly sid: string;
  readonly person: string;
  readonly name: string;
  readonly role: string;
  readonly lang: string;
  readonly site: string;
  readonly issued: number;
  readonly expires: number;
}

const ROUNDS = 600_000;
export const MAX_TRIES = 5;

interface Wrapped {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly box: ArrayBuffer;
  /** Wrong PINs in a row. */
  readonly tries: number;
}

export type Opened =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly code: "unknown_offline" | "erased" }
  | { readonly ok: false; readonly code: "bad_sign_in"; readonly left: number };

/** Keeps the grant under the PIN and the device's secret; the badge is kept as a keyed hash only. */
export async function keepGrant(
  storage: Storage,
  device: DeviceRecord,
  badge: string,
  pin: string,
  grant: Grant,
): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await keyOf(device, pin, salt);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = utf8(JSON.stringify(grant));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text);
  const wrapped: Wrapped = { salt, iv, box, tries: 0 };
  await storage.putMeta(await nameOf(device, badge), wrapped);
}

/**
 * Opens a kept grant. The try is counted on the disk before the PIN is looked at, so that pulling
 * the plug gives no extra guess; the fifth wrong one erases the grant.
 */
export async function openGrant(
  storage: Storage,
  device: DeviceRecord,
  badge: string,
  pin: string,
): Promise<Opened> {
  const name = await nameOf(device, badge);
  const wrapped = await countTry(storage, name);
  if (!wrapped) return { ok: false, code: "unknown_offline" };
  const grant = await unwrap(device, wrapped, pin);
  if (grant) {
    await storage.putMeta(name, { ...wrapped, tries: 0 });
    return { ok: true, grant };
  }
  const left = MAX_TRIES - wrapped.tries;
  if (left > 0) return { ok: false, code: "bad_sign_in", left };
  await forgetGrant(storage, device, badge);
  return { ok: false, code: "erased" };
}

export async function forgetGrant(
  storage: Storage,
  device: DeviceRecord,
  badge: string,
): Promise<void> {
  const name = await nameOf(device, badge);
  await storage.write(["meta"], tx => tx.objectStore("meta").delete(name));
}

/** The record with this try counted in; none when there is none or the tries are used up. */
function countTry(storage: Storage, name: string): Promise<Wrapped | null> {
  return storage.write(["meta"], async tx => {
    const meta = tx.objectStore("meta");
    const found = (await meta.get(name)) as Wrapped | undefined;
    if (!found) return null;
    if (found.tries >= MAX_TRIES) {
      await meta.delete(name);
      return null;
    }
    const counted = { ...found, tries: found.tries + 1 };
    await meta.put(counted, name);
    return counted;
  });
}

async function unwrap(device: DeviceRecord, wrapped: Wrapped, pin: string): Promise<Grant | null> {
  const { salt, iv, box } = wrapped;
  const key = await keyOf(device, pin, salt);
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box);
    const grant: unknown = JSON.parse(new TextDecoder().decode(text));
    return isRecord(grant) ? (grant as unknown as Grant) : null;
  } catch {
    return null;
  }
}

/** PBKDF2 makes a guess dear; the HMAC under the device's own secret ties it to this browser. */
async function keyOf(
  device: DeviceRecord,
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const { subtle } = crypto;
  const base = await subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const bits = await subtle.deriveBits(slow, base, 256);
  const mixed = await subtle.sign("HMAC", device.secret, bits);
  return subtle.importKey("raw", mixed, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function nameOf(device: DeviceRecord, badge: string): Promise<string> {
  const hash = await crypto.subtle.sign("HMAC", device.secret, utf8(`badge:${badge}`));
  return `grant:${toBase64Url(hash)}`;
}
