/**
 * What the app shell shows of the device's state. The shell and the screens only read; the sync and
 * sign-in parts write these signals and set the two actions.
 */
import { computed, signal } from "@preact/signals";

export const ROLES = ["picker", "packer", "driver", "supervisor", "service", "admin"] as const;

/** A kind of work with its own folder of screens, `screens/<role>`. */
export type Role = (typeof ROLES)[number];

export interface Person {
  id: string;
  name: string;
  /** The kinds of work that this person may do; the first is where they start. */
  roles: readonly Role[];
}

/** `since` is in milliseconds since 1970, `null` when the device has not been on-line yet. */
export type Connection = { online: true } | { online: false; since: number | null };

export const connection = signal<Connection>({ online: false, since: null });

/** How many operations the server has not answered yet. */
export const unsent = signal(0);

/** When the oldest of them was made, in milliseconds since 1970. */
export const oldestUnsent = signal<number | null>(null);

/** Who works on this device now; `null` shows the sign-in screens. */
export const person = signal<Person | null>(null);

const chosenRole = signal<Role | null>(null);

/** The work that the person does now: what they chose among theirs, else their first. */
export const role = computed<Role | null>(() => {
  const mine = person.value?.roles ?? [];
  const chosen = chosenRole.value;
  return chosen && mine.includes(chosen) ? chosen : (mine[0] ?? null);
});

export function chooseRole(next: Role): void {
  chosenRole.value = next;
}

/** A write to this device's storage failed: a full-screen stop that only a success clears. */
export const notSaved = signal(false);

/** Whether the outbox allows a new version of the app to take over now. */
export const mayUpdate = signal(false);

/** Ends the person's session; `null` until the sign-in part has set it. */
export const signOut = signal<(() => void) | null>(null);

/** The clock of everything on screen that ages, in milliseconds since 1970; it ticks each 5 seconds. */
export const now = signal(Date.now());

const TICK_MS = 5_000;

/** Starts the clock; returns the function that stops it. */
export function startClock(): () => void {
  const timer = setInterval(() => {
    now.value = Date.now();
  }, TICK_MS);
  return () => clearInterval(timer);
}
