/** What a scan means while loading or handing over, and which step follows which at a stop. */
import type { RowTypes } from "../../kernel/contract";
import { type Outcome, type Policy, REASONS } from "../../pod/policy";
import { handedOver, type Stop, type Told } from "../../pod/record";
import type { Scan } from "../../scan/resolve";
import { isSigned, type Strokes } from "../../ui/strokes";

export type { Stop };
export type Run = RowTypes["run"];

export const STEPS = ["handover", "lines", "reason", "photo", "receiver", "check"] as const;
export type StepName = (typeof STEPS)[number];

export type ParcelScan =
  | { readonly kind: "right"; readonly stop: Stop; readonly parcel: string }
  | { readonly kind: "again"; readonly parcel: string }
  | { readonly kind: "papers"; readonly stop: Stop; readonly scanned: string }
  | { readonly kind: "wrong"; readonly scanned: string }
  | { readonly kind: "not_a_parcel"; readonly scanned: string };

/** The number on a parcel's label, `P-…` or an SSCC, as the server knows it. */
export function parcelOf(scan: Scan): string | null {
  if (scan.kind === "sscc") return scan.sscc ?? scan.text;
  return scan.kind === "parcel" ? scan.text : null;
}

/** A scan at the dock: which stop of the run the parcel goes to. */
export function loadScan(stops: readonly Stop[], scan: Scan): ParcelScan {
  const found = find(stops, scan, (stop, number) =>
    stop.parcels.some(each => each.number === number && each.loaded),
  );
  if (found.kind !== "right" || found.stop.papers.length === 0) return found;
  return { kind: "papers", stop: found.stop, scanned: found.parcel };
}

/** A scan at the customer's door: only this stop's parcels are right. */
export function offScan(stop: Stop, off: readonly string[], scan: Scan): ParcelScan {
  return find([stop], scan, (_, number) => off.includes(number));
}

function find(
  stops: readonly Stop[],
  scan: Scan,
  isDone: (stop: Stop, parcel: string) => boolean,
): ParcelScan {
  const parcel = parcelOf(scan);
  if (parcel === null) return { kind: "not_a_parcel", scanned: scan.text };
  const stop = stops.find(each => each.parcels.some(({ number }) => number === parcel));
  if (!stop) return { kind: "wrong", scanned: parcel };
  return isDone(stop, parcel) ? { kind: "again", parcel } : { kind: "right", stop, parcel };
}

/** In the order of the drive. */
export function inOrder(stops: readonly Stop[]): Stop[] {
  return [...stops].sort((a, b) => a.seq - b.seq);
}

/** The first that is not closed yet. */
export function nextStop(stops: readonly Stop[]): Stop | undefined {
  return inOrder(stops).find(stop => stop.state !== "closed");
}

export interface Loaded {
  readonly loaded: number;
  readonly total: number;
}

export function loadedOf(stops: readonly Stop[]): Loaded {
  const parcels = stops.flatMap(stop => stop.parcels);
  return { loaded: parcels.filter(parcel => parcel.loaded).length, total: parcels.length };
}

/** Parcels that nobody has loaded or given a reason for, in reverse order of the drive: the last stop's go in first. */
export function missing(stops: readonly Stop[]): { stop: Stop; parcel: string }[] {
  return inOrder(stops)
    .reverse()
    .flatMap(stop =>
      stop.parcels
        .filter(({ loaded, short }) => !loaded && !short)
        .map(({ number }) => ({ stop, parcel: number })),
    );
}

export function hasLeft(run: Run | undefined): boolean {
  return run?.state === "departed" || run?.state === "closed";
}

/** Nothing of this stop is on the vehicle: it can only be closed as failed. */
export function leftBehind(stop: Stop): boolean {
  return stop.parcels.length > 0 && stop.parcels.every(parcel => !parcel.loaded);
}

/** The steps of an outcome, in order. */
export function stepsOf(outcome: Outcome | null, policy: Policy): StepName[] {
  if (outcome === null) return ["handover"];
  const asked: Record<StepName, boolean> = {
    handover: true,
    lines: outcome === "partial",
    reason: outcome !== "full",
    photo: outcome !== "full" || policy.photo === "must",
    receiver: policy.receiver !== "off" || policy.signature !== "off",
    check: true,
  };
  return STEPS.filter(step => asked[step]);
}

/** The step beside this one; the same at either end. */
export function stepFrom(steps: readonly StepName[], at: StepName, by: 1 | -1): StepName {
  const index = Math.max(0, steps.indexOf(at)) + by;
  return steps[Math.min(steps.length - 1, Math.max(0, index))] ?? at;
}

export interface Filled extends Told {
  readonly strokes: Strokes;
  readonly photos: number;
  /** No photo can be taken. */
  readonly noPhoto: boolean;
}

export type Lack = "lines_all" | "lines_none" | "reason" | "photo" | "receiver" | "signature";

/** What a step still lacks; `null`: the driver may go on. */
export function lackOf(step: StepName, stop: Stop, filled: Filled, policy: Policy): Lack | null {
  switch (step) {
    case "lines":
      return linesLack(stop, filled);
    case "reason":
      return reasonFits(filled) ? null : "reason";
    case "photo":
      return policy.photo === "must" && filled.photos === 0 && !filled.noPhoto ? "photo" : null;
    case "receiver":
      return receiverLack(filled, policy);
    default:
      return null;
  }
}

function linesLack(stop: Stop, told: Told): Lack | null {
  const kept = stop.lines.map(line => handedOver(line, told));
  if (kept.every(qty => qty === 0)) return "lines_none";
  return kept.every((qty, index) => qty === stop.lines[index]?.qty) ? "lines_all" : null;
}

function reasonFits({ outcome, reason }: Told): boolean {
  return (REASONS[outcome] as readonly string[]).includes(reason);
}

function receiverLack({ receiver, strokes }: Filled, policy: Policy): Lack | null {
  if (policy.receiver === "must" && receiver.trim() === "") return "receiver";
  const isDot = strokes.length > 0 && !isSigned(strokes);
  return isDot || (policy.signature === "must" && !isSigned(strokes)) ? "signature" : null;
}

/** The first step that lacks something, for a draft whose outcome was changed afterwards. */
export function firstLack(stop: Stop, filled: Filled, policy: Policy): StepName | null {
  const steps = stepsOf(filled.outcome, policy);
  return steps.find(step => lackOf(step, stop, filled, policy) !== null) ?? null;
}

/** `geo:` opens the phone's map app; iPhones know only the link of Apple's. */
export function mapLink(stop: Stop, apple: boolean): string {
  const { street, postcode, city, country } = stop;
  const address = [street, `${postcode} ${city}`.trim(), country].filter(Boolean).join(", ");
  const query = encodeURIComponent(address);
  return apple ? `https://maps.apple.com/?daddr=${query}` : `geo:0,0?q=${query}`;
}

/** A number as `tel:` takes it; `null` when there is none. */
export function telLink(phone: string): string | null {
  const digits = phone.replace(/[^0-9+*#]/g, "");
  return digits === "" ? null : `tel:${digits}`;
}
