/** Signing in and out: with a network by the server, without one by the grant kept on the device. */
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";
import { errorOf, isRecord, post, type Reply, waitSeconds } from "../kernel/http";
import { person, ROLES, type Role, signOut as shellSignOut, unsent } from "../shell";
import { disk, sessionEnded, setSession } from "../sync/engine";
import { authenticateDevice, type DeviceRecord, deviceRecord } from "./device";
import { forgetGrant, type Grant, keepGrant, openGrant } from "./grant";
import { endSitting, goesOn, IDLE_MS, keepSitting, readSitting, type Sitting } from "./sitting";

export type SignedIn =
  | { readonly ok: true; readonly grant: Grant; readonly offline: boolean }
  | {
      readonly ok: false;
      /** Words under `errors.<code>`. */
      readonly code: string;
      /** With `wait`: seconds until the next try is looked at. */
      readonly seconds?: number;
      /** With `bad_sign_in` off-line: tries left before the kept sign-in is erased. */
      readonly left?: number;
    };

const SIGN_IN_WAIT_MS = 5_000;
const WRITE_SEEN_MS = 60_000;

let sitting: Sitting | null = null;
let idle: ReturnType<typeof setTimeout> | undefined;

/** Signs a person in by badge and PIN; falls back to the kept grant when the server is not there. */
export async function signIn(badge: string, pin: string): Promise<SignedIn> {
  const device = await deviceRecord(disk());
  if (!device) return { ok: false, code: "not_signed_in" };
  const reply = await askServer(badge, pin);
  const away = reply.status === 0 || reply.status >= 500;
  const result = away ? await openKept(device, badge, pin) : fromServer(reply);
  if (!result.ok) return result;
  if (!result.offline) await keepGrant(disk(), device, badge, pin, result.grant);
  await sit(device, { grant: result.grant, badge, seen: Date.now() });
  return result;
}

async function askServer(badge: string, pin: string): Promise<Reply> {
  if (!navigator.onLine) return { status: 0, body: null, headers: new Headers() };
  const ask = () => post("/auth/signin", { badge, pin }, SIGN_IN_WAIT_MS);
  const reply = await ask();
  // A lapsed device session answers 401 as well; only a wrong PIN says so.
  if (reply.status !== 401 || errorOf(reply.body).code === "bad_sign_in") return reply;
  return (await authenticateDevice(disk())).ok ? ask() : reply;
}

function fromServer(reply: Reply): SignedIn {
  if (reply.status < 300 && isRecord(reply.body))
    return { ok: true, grant: reply.body as unknown as Grant, offline: false };
  // Too few digits are no PIN at all, and a wrong one to whoever types them.
  const told = errorOf(reply.body).code;
  const code = told === "malformed" ? "bad_sign_in" : told;
  const seconds = waitSeconds(reply);
  return { ok: false, code, ...(seconds > 0 && { seconds }) };
}

async function openKept(device: DeviceRecord, badge: string, pin: string): Promise<SignedIn> {
  const opened = await openGrant(disk(), device, badge, pin);
  if (!opened.ok) return opened;
  if (Date.now() >= opened.grant.expires) return { ok: false, code: "sign_in_expired" };
  return { ok: true, grant: opened.grant, offline: true };
}

/** Takes up who was at work before the app was closed or killed; `false` when nobody may go on. */
export async function resumeSitting(): Promise<boolean> {
  const device = await deviceRecord(disk());
  const found = device && (await readSitting(disk(), device, Date.now()));
  if (!device || !found) return false;
  await sit(device, { ...found, seen: Date.now() });
  return true;
}

async function sit(device: DeviceRecord, next: Sitting): Promise<void> {
  sitting = next;
  await keepSitting(disk(), device, next);
  const { grant } = next;
  setSession({ sid: grant.sid, person: grant.person });
  if (grant.lang in LANGUAGES) chooseLanguage(grant.lang as Language);
  person.value = { id: grant.person, name: grant.name, roles: rolesOf(grant.role) };
  shellSignOut.value = () => void signOut();
  watch();
}

function rolesOf(role: string): readonly Role[] {
  return ROLES.filter(known => known === role);
}

/** How many operations still travel after a sign-out: show it before asking "sign out?". */
export function unsentAtSignOut(): number {
  return unsent.value;
}

/**
 * Ends the sitting. What is unsent travels all the same, under the person who did it. The kept
 * grant stays, so that the person can come back without a network; `forget` ends it for good.
 */
export async function signOut({ forget = false } = {}): Promise<void> {
  const ended = sitting;
  leave();
  await endSitting(disk());
  const device = forget && ended ? await deviceRecord(disk()) : undefined;
  if (!device || !ended) return;
  await forgetGrant(disk(), device, ended.badge);
  await post("/auth/signout", { sid: ended.grant.sid });
}

function leave(): void {
  sitting = null;
  clearTimeout(idle);
  setSession(null);
  person.value = null;
  shellSignOut.value = null;
}

/** Any touch or key counts as being there; half an hour without locks the device. */
export function touched(): void {
  const before = sitting;
  if (!before) return;
  const seen = Date.now();
  if (!goesOn(before, seen)) return void signOut();
  if (seen - before.seen < WRITE_SEEN_MS) return;
  const next = { ...before, seen };
  sitting = next;
  watch();
  void deviceRecord(disk()).then(device => device && keepSitting(disk(), device, next));
}

function watch(): void {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (!sitting || !goesOn(sitting, Date.now())) void signOut();
    else watch();
  }, IDLE_MS);
}

/** Locks after half an hour of nothing, and when the server has ended the sign-in. */
export function watchSitting(): void {
  sessionEnded.subscribe(ended => {
    if (ended) void signOut();
  });
  for (const kind of ["pointerdown", "keydown"])
    addEventListener(kind, touched, { passive: true, capture: true });
}
