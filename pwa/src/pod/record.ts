/** The evidence record: what happened at a stop, in integers and strings only. */
import { type Canonical, canonical } from "./canonical";
import type { Draft } from "./draft";
import { asked, type Method, type Missing, type Outcome, type Policy } from "./policy";
import type { Place } from "./position";
import type { Evidence, Stop } from "./shapes";

/** What the driver has said about a stop. `delivered`: pieces by line, for a part delivery. */
export type Told = Pick<
  Draft,
  | "reason"
  | "delivered"
  | "lineReasons"
  | "receiver"
  | "off"
  | "relaxed"
  | "pin"
  | "pinTries"
  | "answers"
  | "stages"
> & { readonly outcome: Outcome };

/** What the device adds by itself. */
export interface Circumstances {
  readonly device: string;
  readonly person: string;
  readonly seq: number;
  readonly prev: string;
  readonly signature: string | null;
  readonly signedOn: Evidence["signed_on"];
  readonly link: string;
  /** Hash of the words above the signature, or nothing. */
  readonly shown: string;
  readonly photos: readonly string[];
  readonly slip: readonly string[];
  /** References by number of the line. */
  readonly linePhotos: Readonly<Record<number, readonly string[]>>;
  readonly corrects: string | null;
  readonly desk: Evidence["desk"];
  readonly place: Place;
  readonly at: number;
  readonly boot: string;
  /** Milliseconds since the app started. */
  readonly mono: number;
  readonly serverSeen: number;
}

export function evidence(stop: Stop, told: Told, by: Circumstances): Evidence {
  const { outcome } = told;
  return {
    v: 2,
    device: by.device,
    seq: by.seq,
    prev: by.prev,
    person: by.person,
    run: stop.run,
    stop: stop.id,
    order: stop.order,
    outcome,
    reason: told.reason,
    receiver: cleaned(told.receiver),
    lines: stop.lines.map(line => deliveredLine(line, told, by.linePhotos[line.no] ?? [])),
    parcels: told.off,
    signature: by.signature,
    signed_on: by.signedOn,
    link: by.link,
    shown: by.shown,
    photos: by.photos,
    slip: by.slip,
    policy: stop.policy.rev,
    ask: policyOf(stop, told),
    relaxed: relaxedOf(told),
    pin: told.pin,
    pin_tries: told.pinTries,
    inspection: answersOf(stop, told),
    stages: stagesOf(stop, told),
    corrects: by.corrects,
    desk: by.desk,
    ...by.place,
    at: by.at,
    boot: by.boot,
    mono_ms: Math.round(by.mono),
    server_seen: by.serverSeen,
  };
}

type Line = Stop["lines"][number];

function deliveredLine(line: Line, told: Told, photos: readonly string[]) {
  const delivered = handedOver(line, told);
  const { no, sku, qty } = line;
  const reason = delivered < qty ? reasonOf(no, told) : "";
  return { no, sku, qty, delivered, outcome: lineOutcome(delivered, qty, told), reason, photos };
}

function lineOutcome(delivered: number, qty: number, { outcome }: Told): Outcome {
  if (outcome === "failed") return "failed";
  if (delivered === qty) return "full";
  return delivered > 0 ? "partial" : "refused";
}

/** Why a line was not taken in full. */
export function reasonOf(no: number, told: Told): string {
  return (told.outcome === "partial" && told.lineReasons[no]) || told.reason;
}

/** The reasons of the stop and of its lines, each once. */
export function reasonsOf(stop: Stop, told: Told): readonly string[] {
  const lines = stop.lines
    .filter(line => handedOver(line, told) < line.qty)
    .map(line => reasonOf(line.no, told));
  return [...new Set([told.reason, ...lines])].filter(reason => reason !== "");
}

/** What the stop's policy asks for as things stand. */
export function policyOf(stop: Stop, told: Told): Policy {
  return asked(stop.policy.clauses, told.outcome, reasonsOf(stop, told));
}

function relaxedOf({ relaxed }: Told): Evidence["relaxed"] {
  return Object.entries(relaxed)
    .filter(([, reason]) => reason)
    .map(([method, reason]) => ({ method: method as Missing, reason: String(reason) }))
    .sort((a, b) => (a.method < b.method ? -1 : 1));
}

function answersOf(stop: Stop, { answers }: Told): Evidence["inspection"] {
  return stop.policy.checklist.flatMap(({ code }) => {
    const said = answers[code];
    return said ? [{ code, answer: said.answer, note: cleaned(said.note, NOTE_LENGTH) }] : [];
  });
}

function stagesOf(stop: Stop, { stages }: Told): Evidence["stages"] {
  return stop.policy.stages.flatMap(({ code }) => {
    const passed = stages[code];
    return passed ? [{ code, by: cleaned(passed.by), at: passed.at }] : [];
  });
}

/** What of a record's methods is there, apart from signature and photos. */
export function saidMethods(stop: Stop, told: Told): readonly Method[] {
  const { checklist, stages } = stop.policy;
  const has: Partial<Record<Method, boolean>> = {
    receiver: told.receiver.trim() !== "",
    pin: told.pin === "ok",
    inspection: answersOf(stop, told).length === checklist.length,
    stages: stagesOf(stop, told).length === stages.length,
  };
  return (Object.keys(has) as Method[]).filter(method => has[method]);
}

/** Pieces of a line that the receiver has kept. */
export function handedOver(
  line: { no: number; qty: number },
  told: Pick<Told, "outcome" | "delivered">,
): number {
  if (told.outcome === "full") return line.qty;
  if (told.outcome !== "partial") return 0;
  return Math.min(line.qty, Math.max(0, told.delivered[line.no] ?? line.qty));
}

export const NAME_LENGTH = 120;
export const NOTE_LENGTH = 200;

/** Words that canonical JSON and the server take: no control characters, no half characters. */
function cleaned(text: string, length = NAME_LENGTH): string {
  const plain = text
    .replace(/\p{Cc}/gu, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim();
  return [...plain].slice(0, length).join("");
}

/** The bytes that are hashed and signed. */
export function bytesOf(record: Evidence): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonical(record as unknown as Canonical));
}
