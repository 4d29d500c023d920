/** Checks a receiver's PIN without a network, against the salted hash in the stop's row. */
import { toHex } from "../kernel/ids";
import type { Stop } from "./shapes";

/** PBKDF2 (RFC 8018) with SHA-256, 32 bytes as hex; `salt` as hex. */
export async function stretched(pin: string, salt: string, rounds: number): Promise<string> {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes, iterations: rounds };
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

export async function pinFits(said: string, kept: NonNullable<Stop["pin"]>): Promise<boolean> {
  return (await stretched(said, kept.salt, kept.rounds)) === kept.hash;
}
