/** What a scan means while loading or handing over, and which step follows which at a stop. */
import type { RowTypes } from "../../kernel/contract";
import type { KeptPhoto } from "../../pod/draft";
import {
  lacking,
  type Method,
  type Missing,
  type Outcome,
  type Policy,
  REASONS,
} from "../../pod/policy";
import { handedOver, policyOf, reasonOf, saidMethods, type Told } from "../../pod/record";
import type { Stop } from "../../pod/shapes";
import type { Scan } from "../../scan/resolve";
import { isSigned, type Strokes } from "../../ui/strokes";

export type { Stop };
export type Run = RowTypes["run"];

export const STEPS = [
  "handover",
  "lines",
  "reason",
  "photo",
  "slip",
  "inspection",
  "stages",
  "receiver",
  "pin",
  "check",
] as const;
export type StepName = (typeof STEPS)[number];

export interface Carton {
  readonly stop: Stop;
  readonly parcel: string;
}

/** A scan of one parcel's label. */
export type OneScan =
  | { readonly kind: "right"; readonly stop: Stop; readonly parcel: string }
  | { readonly kind: "again"; readonly parcel: string }
  | { readonly kind: "papers"; readonly stop: Stop; readonly scanned: string }
  | { readonly kind: "wrong"; readonly scanned: string }
  | { readonly kind: "not_a_parcel"; readonly scanned: string };

/** At the dock it may be a pallet's, too: `cartons` are those that it brings aboard. */
export type ParcelScan =
  | OneScan
  | { readonly kind: "pallet"; readonly pallet: string; readonly cartons: readonly Carton[] };

/** The number on a parcel's label, `P-…` or an SSCC, as the server knows it. */
export function parcelOf(scan: Scan): string | null {
  if (scan.kind === "sscc") return scan.sscc ?? scan.text;
  return scan.kind === "parcel" ? scan.text : null;
}

/** A scan at the dock: which stop of the run the parcel goes to, or what stands on the pallet. */
export function loadScan(stops: readonly Stop[], scan: Scan): ParcelScan {
  const pallet = palletScan(stops, scan);
  if (pallet) return pallet;
  const found = find(stops, scan, (stop, number) =>
    stop.parcels.some(each => each.number === number && each.loaded),
  );
  if (found.kind !== "right" || found.stop.papers.length === 0) return found;
  return { kind: "papers", stop: found.stop, scanned: found.parcel };
}

/** Cartons of the run that stand on a pallet, in the order of the drive. */
export function onPallet(stops: readonly Stop[], pallet: string): Carton[] {
  return inOrder(stops).flatMap(stop =>
    stop.parcels
      .filter(each => each.pallet === pallet)
      .map(({ number }) => ({ stop, parcel: number })),
  );
}

/** The scan of a pallet's number; what was said to stay out stays out. */
function palletScan(stops: readonly Stop[], scan: Scan): ParcelScan | null {
  const pallet = parcelOf(scan);
  const all = pallet === null ? [] : onPallet(stops, pallet);
  if (pallet === null || all.length === 0) return null;
  const cartons = all.filter(({ stop, parcel }) =>
    stop.parcels.some(({ number, loaded, short }) => number === parcel && !loaded && !short),
  );
  const lacks = cartons.find(({ stop }) => stop.papers.length > 0);
  if (lacks) return { kind: "papers", stop: lacks.stop, scanned: pallet };
  return cartons.length > 0
    ? { kind: "pallet", pallet, cartons }
    : { kind: "again", parcel: pallet };
}

/** A scan at the customer's door: only this stop's parcels are right. */
export function offScan(stop: Stop, off: readonly string[], scan: Scan): OneScan {
  return find([stop], scan, (_, number) => off.includes(number));
}

function find(
  stops: readonly Stop[],
  scan: Scan,
  isDone: (stop: Stop, parcel: string) => boolean,
): OneScan {
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
  return run !== undefined && ["departed", "returning", "closed"].includes(run.state);
}

/** Nothing of this stop is on the vehicle: it can only be closed as failed. */
export function leftBehind(stop: Stop): boolean {
  return stop.parcels.length > 0 && stop.parcels.every(parcel => !parcel.loaded);
}

/** The steps that a driver may open although the policy leaves them open. */
export const EXTRA = ["photo", "slip", "inspection", "stages", "pin"] as const;

export interface Filled extends Told {
  readonly strokes: Strokes;
  readonly extra: readonly string[];
  readonly photos: readonly Pick<KeptPhoto, "of">[];
}

/** The steps of an outcome, in order. */
export function stepsOf(outcome: Outcome | null, policy: Policy, filled: Filled): StepName[] {
  if (outcome === null) return ["handover"];
  const wanted = (method: (typeof EXTRA)[number]): boolean => {
    const wish = policy[method];
    return wish === "mandatory" || wish === "one_of" || filled.extra.includes(method);
  };
  const asked: Record<StepName, boolean> = {
    handover: true,
    lines: outcome === "partial",
    reason: outcome !== "full",
    photo: outcome !== "full" || wanted("photo"),
    slip: wanted("slip"),
    inspection: wanted("inspection"),
    stages: wanted("stages"),
    receiver: policy.receiver !== "off" || policy.signature !== "off",
    pin: wanted("pin"),
    check: true,
  };
  return STEPS.filter(step => asked[step]);
}

/** What the policy leaves to the driver, and no step asks for yet. */
export function openExtras(policy: Policy, steps: readonly StepName[]): (typeof EXTRA)[number][] {
  return EXTRA.filter(method => policy[method] === "optional" && !steps.includes(method));
}

/** The step beside this one; the same at either end. */
export function stepFrom(steps: readonly StepName[], at: StepName, by: 1 | -1): StepName {
  const index = Math.max(0, steps.indexOf(at)) + by;
  return steps[Math.min(steps.length - 1, Math.max(0, index))] ?? at;
}

/** The methods of the policy that are there. */
export function doneMethods(stop: Stop, filled: Filled): readonly Method[] {
  const photos = filled.photos.filter(photo => photo.of !== "slip").length;
  const here: readonly Method[] = [
    ...(signedAt(stop, filled) ? (["signature"] as const) : []),
    ...(photos > 0 ? (["photo"] as const) : []),
    ...(photos < filled.photos.length ? (["slip"] as const) : []),
  ];
  return [...here, ...saidMethods(stop, filled)];
}

/** Whose phone the receiver signed on, if on any. */
export function signedAt(stop: Stop, { strokes }: Filled): "receiver" | "driver" | null {
  if (stop.signed) return "receiver";
  return isSigned(strokes) ? "driver" : null;
}

export type Lack = Missing | "lines_all" | "lines_none" | "reason" | "dot";

/** What a step still lacks; `null`: the driver may go on. */
export function lackOf(step: StepName, stop: Stop, filled: Filled, policy: Policy): Lack | null {
  if (step === "lines") return linesLack(stop, filled);
  if (step === "reason") return reasonFits(filled) ? null : "reason";
  const missing = missingOf(stop, filled, policy);
  if (step === "check") return missing[0] ?? null;
  if (step === "receiver") return receiverLack(stop, filled, missing);
  return missing.includes(step as Method) ? (step as Method) : null;
}

/** What must be, is not there, and has no recorded reason. */
export function missingOf(stop: Stop, filled: Filled, policy: Policy): readonly Missing[] {
  const missing = lacking(policy, doneMethods(stop, filled));
  return missing.filter(method => !filled.relaxed[method]);
}

function linesLack(stop: Stop, told: Told): Lack | null {
  const kept = stop.lines.map(line => handedOver(line, told));
  if (kept.every(qty => qty === 0)) return "lines_none";
  return kept.every((qty, index) => qty === stop.lines[index]?.qty) ? "lines_all" : null;
}

function reasonFits({ outcome, reason }: Told): boolean {
  return (REASONS[outcome] as readonly string[]).includes(reason);
}

function receiverLack(stop: Stop, filled: Filled, missing: readonly Missing[]): Lack | null {
  const has = (method: Missing): Missing | null => (missing.includes(method) ? method : null);
  const isDot = filled.strokes.length > 0 && signedAt(stop, filled) === null;
  return has("receiver") ?? (isDot ? "dot" : null) ?? has("signature") ?? has("one_of");
}

/** The first step that lacks something, for a draft whose outcome was changed afterwards. */
export function firstLack(stop: Stop, filled: Filled): StepName | null {
  const policy = policyOf(stop, filled);
  const steps = stepsOf(filled.outcome, policy, filled);
  const first = steps.find(step => lackOf(step, stop, filled, policy) !== null) ?? null;
  if (first !== "check") return first;
  // One of several is enough, and none has a step of its own: the photo is the likeliest.
  return steps.includes("receiver") ? "receiver" : "photo";
}

/** The lines that were not taken in full, each with why. */
export function shortLines(
  stop: Stop,
  told: Told,
): { line: Stop["lines"][number]; reason: string }[] {
  return stop.lines
    .filter(line => handedOver(line, told) < line.qty)
    .map(line => ({ line, reason: reasonOf(line.no, told) }));
}

/** Pieces that the van still has to bring back, of a closed stop. */
export function stillOut(stop: Stop): number {
  return stop.back.reduce((sum, line) => sum + Math.max(0, line.qty - line.back), 0);
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
