/** Reads bar codes from pictures in a worker of its own: the screen never waits for it. */
import { workerUrl } from "../trusted";
import decoderUrl from "./decoder-worker?worker&url";

export interface Decoded {
  /** As printed, GS as `\x1d`, without the symbology identifier. */
  raw: string;
  /** ISO/IEC 15424, e.g. `]d2`; it tells a GS1 code from its plain twin. */
  symbology: string;
}

/** What the worker is asked: a picture, and in which of its ways to look at it. */
export interface Question {
  readonly picture: { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> };
  readonly pass: number;
}

/** What the worker says: once that it is ready, then the codes of each picture. */
export type Answer = "ready" | { readonly codes: readonly Decoded[] } | { readonly failed: string };

export interface Decoder {
  /** The code nearest the middle, if any is readable. One picture at a time. */
  decode(picture: ImageData): Promise<Decoded | null>;
  close(): void;
}

/** Loads the decoder, WebAssembly and all, from this app's own files. */
export async function openDecoder(): Promise<Decoder> {
  const worker = new Worker(workerUrl(decoderUrl), { type: "module" });
  // Pictures of a video show the same: each is looked at in another way.
  let pass = 0;
  try {
    await nextAnswer(worker);
  } catch (failure) {
    worker.terminate();
    throw failure;
  }
  return {
    async decode({ width, height, data }) {
      const copy = data as Uint8ClampedArray<ArrayBuffer>;
      const question: Question = { picture: { width, height, data: copy }, pass: pass++ };
      worker.postMessage(question, [copy.buffer]);
      const answer = await nextAnswer(worker);
      return answer !== "ready" && "codes" in answer ? (answer.codes[0] ?? null) : null;
    },
    close: () => worker.terminate(),
  };
}

function nextAnswer(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data !== "ready" && "failed" in data) reject(new Error(data.failed));
      else resolve(data);
    };
    worker.onerror = event => reject(new Error(event.message));
  });
}
