/** The device's identity: a key that cannot leave this browser, and the session it earns. */
import { errorOf, isRecord, post, request } from "../kernel/http";
import type { Storage } from "../outbox/storage";
import { toBase64Url, utf8 } from "./encode";

const SIGN = { name: "ECDSA", hash: "SHA-256" } as const;

/** Under `meta.device`; the keys are non-extractable `CryptoKey`s, stored as such. */
export interface DeviceRecord {
  readonly device: string;
  readonly site: string;
  readonly name: string;
  readonly keys: CryptoKeyPair;
  /** Mixed into every PIN, so that a copied disk cannot be searched elsewhere. */
  readonly secret: CryptoKey;
  /** Seals what only this browser may read again. */
  readonly seal: CryptoKey;
}

export function deviceRecord(storage: Storage): Promise<DeviceRecord | undefined> {
  return storage.getMeta<DeviceRecord>("device");
}

export async function makeKeys(): Promise<Pick<DeviceRecord, "keys" | "secret" | "seal">> {
  const { subtle } = crypto;
  const [keys, secret, seal] = await Promise.all([
    subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]),
    subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
    subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
  ]);
  return { keys, secret, seal };
}

/** The device's signature over bytes: ECDSA P-256 with SHA-256, r‖s, base64url. */
export async function sign(record: DeviceRecord, bytes: BufferSource): Promise<string> {
  return toBase64Url(await crypto.subtle.sign(SIGN, record.keys.privateKey, bytes));
}

/** Gets a new session by signing a challenge. `code` when the server turns the device away. */
export async function authenticateDevice(
  storage: Storage,
): Promise<{ ok: boolean; code?: string }> {
  const record = await deviceRecord(storage);
  if (!record) return { ok: false };
  const { device } = record;
  const asked = await post("/auth/challenge", { device });
  const nonce = isRecord(asked.body) ? asked.body.nonce : undefined;
  if (asked.status >= 300 || typeof nonce !== "string") return turnedAway(asked.status, asked.body);
  const signature = await sign(record, utf8(`dockhand-device:${nonce}`));
  const reply = await post("/auth/device", { device, nonce, signature });
  return reply.status === 200 || reply.status === 201
    ? { ok: true }
    : turnedAway(reply.status, reply.body);
}

function turnedAway(status: number, body: unknown): { ok: boolean; code?: string } {
  const final = status >= 400 && status < 500 && status !== 429;
  return final ? { ok: false, code: errorOf(body).code } : { ok: false };
}

/** Whether the server still knows this browser although its storage is empty: it was cleared. */
export async function lost(): Promise<boolean> {
  const reply = await request("/auth/me", { method: "GET" }, 3_000);
  return reply.status === 200 && isRecord(reply.body) && typeof reply.body.device === "string";
}
