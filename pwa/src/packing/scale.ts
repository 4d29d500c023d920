/**
 * The scale at the bench, behind a port: Web Serial where the browser has it and somebody has chosen
 * a device, else none. A bench without a scale types the weight, or goes on without it.
 */
import { signal } from "@preact/signals";
import { Lines, type Reading, readScale } from "./scale-lines";

/** `away`: it was there and does not answer any more. */
export type ScaleState = "none" | "connecting" | "ready" | "away";

export const scaleState = signal<ScaleState>("none");

/** The newest reading; `null` while there is none. */
export const reading = signal<Reading | null>(null);

/** A serial port as Web Serial has it: TypeScript's own types do not know it yet. */
export interface SerialLine {
  readonly readable: ReadableStream<Uint8Array> | null;
  open(how: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
}

interface Serial {
  requestPort(): Promise<SerialLine>;
  getPorts(): Promise<SerialLine[]>;
}

/** What nearly all bench scales are set to when they come. */
const BAUD = 9_600;

function serial(): Serial | undefined {
  return (navigator as { serial?: Serial }).serial;
}

export function hasSerial(): boolean {
  return serial() !== undefined;
}

/** Asks the person for the port; without one, everything stays as it was. */
export async function connectScale(): Promise<void> {
  try {
    const port = await serial()?.requestPort();
    if (port) await follow(port);
  } catch {
    // Nothing was chosen.
    if (scaleState.peek() === "connecting") scaleState.value = "away";
  }
}

/** A port that was chosen on this device before needs no question. */
export async function resumeScale(): Promise<void> {
  if (scaleState.peek() === "ready" || scaleState.peek() === "connecting") return;
  try {
    const [port] = (await serial()?.getPorts()) ?? [];
    if (port) await follow(port);
  } catch {
    scaleState.value = "away";
  }
}

async function follow(port: SerialLine): Promise<void> {
  scaleState.value = "connecting";
  await port.open({ baudRate: BAUD });
  scaleState.value = "ready";
  void read(port).finally(() => {
    reading.value = null;
    scaleState.value = "away";
    void port.close().catch(() => undefined);
  });
}

async function read(port: SerialLine): Promise<void> {
  const reader = port.readable?.getReader();
  const decoder = new TextDecoder("ascii");
  const lines = new Lines();
  try {
    for (let got = await reader?.read(); got && !got.done; got = await reader?.read())
      for (const line of lines.take(decoder.decode(got.value, { stream: true })))
        reading.value = readScale(line) ?? reading.value;
  } catch {
    // Unplugged: `follow` says so.
  } finally {
    reader?.releaseLock();
  }
}
