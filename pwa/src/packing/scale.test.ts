// @vitest-environment node
import { afterEach, expect, test, vi } from "vitest";
import { connectScale, reading, resumeScale, type SerialLine, scaleState } from "./scale";

/** A scale on a wire: says what the test lets it say. */
class FakeLine implements SerialLine {
  readonly readable: ReadableStream<Uint8Array>;
  baud = 0;
  closed = false;
  private out: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.readable = new ReadableStream({
      start: out => {
        this.out = out;
      },
    });
  }

  async open({ baudRate }: { baudRate: number }) {
    this.baud = baudRate;
  }

  async close() {
    this.closed = true;
  }

  say(text: string) {
    this.out?.enqueue(new TextEncoder().encode(text));
  }

  unplug() {
    this.out?.error(new Error("the device has been lost"));
  }
}

function plug(requestPort: () => Promise<SerialLine>, known: SerialLine[] = []) {
  vi.stubGlobal("navigator", { serial: { requestPort, getPorts: async () => known } });
}

afterEach(() => {
  vi.unstubAllGlobals();
  scaleState.value = "none";
  reading.value = null;
});

test("a chosen port is read, line by line, until it is gone", async () => {
  const line = new FakeLine();
  plug(async () => line);
  await connectScale();
  expect([scaleState.value, line.baud]).toEqual(["ready", 9_600]);
  line.say("US,GS,+  0.9");
  line.say("00kg\r\nST,GS,+  1.234kg\r\n");
  await vi.waitFor(() => expect(reading.value).toEqual({ grams: 1_234, stable: true }));
  line.unplug();
  await vi.waitFor(() => expect(scaleState.value).toBe("away"));
  expect([reading.value, line.closed]).toEqual([null, true]);
});

test("a port that was chosen before is taken without a question", async () => {
  const line = new FakeLine();
  plug(async () => Promise.reject(new Error("asked")), [line]);
  await resumeScale();
  expect(scaleState.value).toBe("ready");
});

test("without a scale, or without a choice, nothing happens", async () => {
  vi.stubGlobal("navigator", {});
  await connectScale();
  await resumeScale();
  expect(scaleState.value).toBe("none");
  plug(async () => Promise.reject(new DOMException("none", "NotFoundError")));
  await connectScale();
  expect(scaleState.value).toBe("none");
});
