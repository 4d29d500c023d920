/** Sends signatures, then photos, in pieces that survive a cut (tus 1.0), after the operations. */
import { type Reply, request } from "../kernel/http";
import type { BlobEntry, Storage } from "../outbox/storage";
import { unsentBlobs } from "./status";

const CHUNK = 131_072;
const SMALLEST_CHUNK = 16_384;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** An upload whose bytes arrive wrong begins again so often. */
const TRIES = 3;
const NEVER = new Set([400, 413, 415, 422]);

type Result = "sent" | "yield" | "again" | "refused";

export class BlobSender {
  readonly #storage: Storage;
  readonly #mayRun: () => boolean;
  #running = false;
  #chunk = CHUNK;
  #wait = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How often the server found other bytes than were named. */
  readonly #badHashes = new Map<string, number>();
  /** How far each had come when it was last asked. */
  readonly #reached = new Map<string, number>();

  /** `mayRun` is asked before every piece: false while operations wait or there is no network. */
  constructor(storage: Storage, mayRun: () => boolean) {
    this.#storage = storage;
    this.#mayRun = mayRun;
  }

  /** Goes on with what is not sent yet; does nothing while it is at it already. */
  async wake(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      await this.#sendAll();
    } finally {
      this.#running = false;
    }
  }

  async #sendAll(): Promise<void> {
    for (let next = await this.#next(); next && this.#mayRun(); next = await this.#next()) {
      const result = await this.#send(next);
      if (result === "sent" || result === "refused") await this.#settle(next, result);
      if (result === "yield") return;
      if (result === "again") return this.#later();
      this.#wait = FIRST_WAIT_MS;
    }
  }

  #later(): void {
    this.#timer = setTimeout(() => void this.wake(), this.#wait * (0.5 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
  }

  async #next(): Promise<BlobEntry | undefined> {
    const all = await this.#storage.read(db => db.getAll("blobs"));
    const waiting = all.filter(blob => blob.state === "waiting");
    unsentBlobs.value = waiting.length;
    return waiting.sort(signaturesFirst)[0];
  }

  async #settle(blob: BlobEntry, result: "sent" | "refused"): Promise<void> {
    const state = result === "sent" ? "sent" : "lost";
    const put = { ...blob, state } as const;
    await this.#storage.write(["blobs"], tx => tx.objectStore("blobs").put(put, blob.sha256));
    unsentBlobs.value -= 1;
  }

  /** One blob from wherever the server says it stands. */
  async #send(blob: BlobEntry): Promise<Result> {
    const bytes = await this.#storage.read(db => db.get("bytes", blob.sha256));
    if (!bytes) return "refused";
    const begun = await this.#begin(blob);
    if (typeof begun === "string") return begun;
    let offset = begun;
    // What arrived before a cut is headway too: a link that cuts each piece still gets it across.
    if (offset > (this.#reached.get(blob.sha256) ?? 0)) this.#wait = FIRST_WAIT_MS;
    this.#reached.set(blob.sha256, offset);
    while (offset < bytes.byteLength) {
      if (!this.#mayRun()) return "yield";
      const reply = await this.#patch(blob, bytes, offset);
      if (reply.status !== 204) return this.#broken(blob, reply);
      offset = Number(reply.headers.get("upload-offset") ?? offset + this.#chunk);
      this.#chunk = Math.min(CHUNK, this.#chunk * 2);
      this.#wait = FIRST_WAIT_MS;
    }
    return "sent";
  }

  /** The offset to go on from; makes the upload where there is none. */
  async #begin(blob: BlobEntry): Promise<number | Result> {
    const head = await request(`/blobs/${blob.sha256}`, { method: "HEAD" });
    if (head.headers.get("x-state") === "complete") return "sent";
    const missing = head.status === 404 || head.headers.get("x-state") === "missing";
    if (!missing)
      return head.status === 200 || head.status === 204
        ? Number(head.headers.get("upload-offset") ?? 0)
        : this.#broken(blob, head);
    const made = await request("/blobs", {
      method: "POST",
      headers: {
        "content-type": "application/offset+octet-stream",
        "tus-resumable": "1.0.0",
        "upload-length": String(blob.size),
        "upload-metadata": `sha256 ${btoa(blob.sha256)},mime ${btoa(blob.mime)}`,
      },
    });
    if (made.status === 201) return 0;
    return made.status === 200 ? "again" : this.#broken(blob, made);
  }

  #patch(blob: BlobEntry, bytes: ArrayBuffer, offset: number): Promise<Reply> {
    return request(`/blobs/${blob.sha256}`, {
      method: "PATCH",
      headers: {
        "content-type": "application/offset+octet-stream",
        "tus-resumable": "1.0.0",
        "upload-offset": String(offset),
      },
      body: bytes.slice(offset, offset + this.#chunk),
    });
  }

  #broken(blob: BlobEntry, reply: Reply): Result {
    const { status } = reply;
    // After a cut smaller pieces, so that the next cut costs less; the server knows the offset.
    // Browsers repeat a request that was cut by themselves; that one meets another offset.
    if (status === 0 || status === 409) this.#chunk = Math.max(SMALLEST_CHUNK, this.#chunk / 2);
    if (status === 460) {
      const times = (this.#badHashes.get(blob.sha256) ?? 0) + 1;
      this.#badHashes.set(blob.sha256, times);
      return times < TRIES ? "again" : "refused";
    }
    // These bytes will never be taken (too large, no picture): the rest must not wait for them.
    return NEVER.has(status) ? "refused" : "again";
  }
}

function signaturesFirst(a: BlobEntry, b: BlobEntry): number {
  if (a.use !== b.use) return a.use === "signature" ? -1 : 1;
  return a.n - b.n;
}
