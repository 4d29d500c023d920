import { toHex } from "../kernel/ids";

/** Bytes with their name, ready to be kept and sent; `ref` is what an operation's body says. */
export interface PreparedBlob {
  readonly ref: string;
  readonly sha256: string;
  readonly bytes: ArrayBuffer;
  readonly mime: string;
  readonly use: "signature" | "photo";
  /** Its bytes were put on the disk before, under their hash. */
  readonly kept?: boolean;
}

/**
 * Names the bytes by their SHA-256. Redraw a photo through a canvas first (`ui`): these very bytes
 * are what the server seals, and it refuses those that still carry camera metadata.
 */
export async function prepareBlob(
  bytes: ArrayBuffer,
  mime: string,
  use: PreparedBlob["use"],
): Promise<PreparedBlob> {
  const sha256 = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return { ref: `sha256:${sha256}`, sha256, bytes, mime, use };
}
