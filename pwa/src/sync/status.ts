/** What the engine tells the screens, beside the signals of `shell.ts`. */
import { computed, signal } from "@preact/signals";
import type { Stopped } from "./state";

/**
 * `other_tab`: another tab has the work, this one takes over when it closes. `cleared`: the
 * browser threw the storage of an enrolled device away; enrol it again and tell a supervisor.
 */
export type Phase = "starting" | "other_tab" | "unenrolled" | "cleared" | "running" | "failed";

export const phase = signal<Phase>("starting");

/** Why the exchange has stopped: words under `errors.<code>`. Work goes on and is kept. */
export const stopped = signal<Stopped | null>(null);

/** Whether rows of a first load are still to come. */
export const loading = signal(true);

/** Signatures and photos whose bytes are not at the server yet. */
export const unsentBlobs = signal(0);

/** Where the device is, while its driver is on the road: told with each beat. Degrees × 10⁷. */
export const onRoadAt = signal<{ lat_e7: number; lon_e7: number } | null>(null);

/** Operations up to this number are answered. */
export const doneUpTo = signal(0);

const SEEN = "dockhand.serverSeen";

/** The newest time that the server has told, in ms since 1970; 0 before the first. It outlives the app. */
export const serverSeen = signal(Number(localStorage.getItem(SEEN)) || 0);

export function sawServer(now: unknown): void {
  if (typeof now !== "number" || !(now > serverSeen.peek())) return;
  serverSeen.value = now;
  localStorage.setItem(SEEN, String(now));
}

export const needsReload = computed(() => stopped.value?.code === "too_old");
