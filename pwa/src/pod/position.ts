/**
 * Where the device is, by foreground samples only. The watch starts on arrival; the best sample of
 * the last 30 s counts, with its accuracy and age. None is a recorded reason and never blocks.
 */
import { signal } from "@preact/signals";
import type { Evidence } from "./shapes";

export type Position = NonNullable<Evidence["position"]>;

/** `mono`: when it was taken, in ms on the clock that nobody can set. Degrees and metres. */
export interface Sample {
  readonly lat: number;
  readonly lon: number;
  readonly acc: number;
  readonly mono: number;
}

export type NoPosition = "denied" | "unavailable" | "timeout";

export type Place =
  | { readonly position: Position; readonly no_position: "" }
  | { readonly position: null; readonly no_position: NoPosition | "desk" };

export const FRESH_MS = 30_000;

/** The most accurate of the last 30 s, else the newest at all: its age says what it is worth. */
export function best(samples: readonly Sample[], mono: number): Sample | undefined {
  const fresh = samples.filter(s => mono - s.mono <= FRESH_MS);
  return fresh.sort((a, b) => a.acc - b.acc || b.mono - a.mono)[0] ?? samples.at(-1);
}

/** As the evidence record holds it: degrees × 10⁷, centimetres, ms. */
export function toPosition(sample: Sample, mono: number): Position {
  return {
    lat_e7: Math.round(sample.lat * 1e7),
    lon_e7: Math.round(sample.lon * 1e7),
    acc_cm: Math.min(1_000_000_000, Math.round(sample.acc * 100)),
    age_ms: Math.max(0, Math.round(mono - sample.mono)),
    source: mono - sample.mono <= FRESH_MS ? "device" : "device_last",
  };
}

/** The newest sample, or why there is none; for the screen. `null`: still searching. */
export const here = signal<Sample | NoPosition | null>(null);

let samples: Sample[] = [];
let watched: { stop: string; id: number } | null = null;

const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 };
const REASON: Record<number, NoPosition> = { 1: "denied", 2: "unavailable", 3: "timeout" };
const KEPT = 100;

/** Starts to watch for a stop; samples of the stop before are forgotten. */
export function watchPosition(stop: string): void {
  if (watched?.stop === stop) return;
  if (watched) endWatch(watched.stop);
  if (!navigator.geolocation) {
    here.value = "unavailable";
    return;
  }
  watched = { stop, id: navigator.geolocation.watchPosition(take, miss, OPTIONS) };
}

/** Of this stop alone: the next one may be watched for already. */
export function endWatch(stop: string): void {
  if (watched?.stop !== stop) return;
  navigator.geolocation.clearWatch(watched.id);
  watched = null;
  samples = [];
  here.value = null;
}

/**
 * A phone that lies still may send nothing for long: asks for one sample more, unless there is a
 * fresh one. What is answered after the next stop has begun is not that stop's.
 */
export function refreshPosition(mono = performance.now()): void {
  const stop = watched?.stop;
  if (samples.some(sample => mono - sample.mono <= FRESH_MS)) return;
  const mine = <T>(then: (told: T) => void) => {
    return (told: T) => {
      if (watched?.stop === stop) then(told);
    };
  };
  const options = { ...OPTIONS, timeout: 10_000 };
  navigator.geolocation?.getCurrentPosition(mine(take), mine(miss), options);
}

/** What the record says about the place now. */
export function placeNow(mono = performance.now()): Place {
  const sample = best(samples, mono);
  if (sample) return { position: toPosition(sample, mono), no_position: "" };
  const why = here.peek();
  return { position: null, no_position: typeof why === "string" ? why : "timeout" };
}

function take({ coords, timestamp }: GeolocationPosition): void {
  const { latitude: lat, longitude: lon, accuracy: acc } = coords;
  if (![lat, lon, acc].every(Number.isFinite)) return;
  const late = Math.max(0, Date.now() - timestamp);
  const sample = { lat, lon, acc, mono: performance.now() - late };
  samples = [...samples.slice(1 - KEPT), sample];
  here.value = sample;
}

function miss({ code }: GeolocationPositionError): void {
  if (samples.length === 0) here.value = REASON[code] ?? "unavailable";
}
