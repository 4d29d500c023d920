import { signal } from "@preact/signals";

/** A scan as it came, before anybody has read meaning into it. */
export interface RawScan {
  /** The text with GS as `\x1d`; a symbology identifier such as `]d2` stays in front if it came. */
  raw: string;
  source: "wedge" | "camera" | "manual" | "voice";
  /** Milliseconds since 1970 on the device's clock. */
  at: number;
}

/** Whether a person read it off a label, by hand or by voice: not every character was a machine's. */
export function isByPerson({ source }: RawScan): boolean {
  return source === "manual" || source === "voice";
}

export type ScanHandler = (scan: RawScan) => void | Promise<void>;

/** The same code again within this many milliseconds is the same pull of the trigger. */
export const SAME_SCAN_MS = 300;

/** A scan that nobody listened to for this many milliseconds was not meant for the next screen. */
const ORPHAN_MS = 15_000;

/** More than this many scans typed ahead means that nobody is listening: the oldest go. */
const LONGEST_QUEUE = 64;

/**
 * One stream of scans from every source. The newest subscriber gets them, one at a time and in
 * order; a scan waits while nobody listens yet, while a handler still works, and while a dialog or
 * a transition holds the stream.
 */
export class ScanStream {
  private readonly handlers: ScanHandler[] = [];
  private queue: RawScan[] = [];
  private holds = 0;
  private playing = false;
  private last: RawScan | undefined;

  /** How many scans wait; shown to the worker so that none seems lost. */
  readonly waiting = signal(0);
  /** The newest scan of any source, for the settings screen's scanner test. */
  readonly latest = signal<RawScan | null>(null);

  offer(scan: RawScan): void {
    if (scan.raw === "" || this.isRepeat(scan)) return;
    this.last = scan;
    this.latest.value = scan;
    this.queue.push(scan);
    if (this.queue.length > LONGEST_QUEUE) this.queue.shift();
    this.waiting.value = this.queue.length;
    void this.play();
  }

  /** Takes the stream until the returned function is called; then the former subscriber has it. */
  subscribe(handler: ScanHandler, now = Date.now()): () => void {
    if (this.handlers.length === 0) this.queue = this.queue.filter(s => now - s.at < ORPHAN_MS);
    this.handlers.push(handler);
    void this.play();
    return () => {
      const index = this.handlers.lastIndexOf(handler);
      if (index >= 0) this.handlers.splice(index, 1);
    };
  }

  /** Keeps scans waiting until the returned function is called; holds add up. */
  hold(): () => void {
    let held = true;
    this.holds += 1;
    return () => {
      if (!held) return;
      held = false;
      this.holds -= 1;
      void this.play();
    };
  }

  /** Forgets what waits, e.g. at sign-out: another person's scans must not book anything. */
  clear(): void {
    this.queue = [];
    this.waiting.value = 0;
    this.last = undefined;
  }

  private isRepeat(scan: RawScan): boolean {
    const since = this.last ? scan.at - this.last.at : Number.POSITIVE_INFINITY;
    return this.last?.raw === scan.raw && since >= 0 && since < SAME_SCAN_MS;
  }

  private async play(): Promise<void> {
    if (this.playing) return;
    this.playing = true;
    for (let next = this.next(); next; next = this.next()) {
      try {
        await next.handler(next.scan);
      } catch (failure) {
        // One scan that a screen could not handle must not stop those behind it.
        reportError(failure);
      }
    }
    this.playing = false;
  }

  private next(): { handler: ScanHandler; scan: RawScan } | undefined {
    const handler = this.handlers.at(-1);
    if (this.holds > 0 || !handler) return undefined;
    const scan = this.queue.shift();
    this.waiting.value = this.queue.length;
    return scan && { handler, scan };
  }
}

/** The app's one stream. */
export const scans = new ScanStream();
