import { effect, signal } from "@preact/signals";
import { mayUpdate } from "../shell";
import { workerUrl } from "../trusted";

/** Whether the app starts without a network on this device; `null` while it is not known yet. */
export const startsOffline = signal<boolean | null>(null);

/** A new version waits. It is offered, never forced. */
export const updateReady = signal(false);

const UPDATE_CHECK_MS = 3_600_000;

let waiting: ServiceWorker | null = null;
let accepted = false;

/**
 * Makes the app start without a network. Browsers refuse that on an address that they do not trust
 * (plain http, an unknown certificate): the app then works on-line only, and settings say so.
 */
export async function prepareOffline(): Promise<void> {
  try {
    await registerWorker();
    startsOffline.value = true;
  } catch {
    startsOffline.value = false;
  }
}

/** Installs the worker that keeps the app's files, and the camera decoder once the rest is there. */
async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) throw new Error("no service workers here");
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("controllerchange", () => {
    if (accepted) location.reload();
  });
  const registration = await serviceWorker.register(workerUrl("/sw.js"), { type: "module" });
  watch(registration);
  const ready = await serviceWorker.ready;
  ready.active?.postMessage("keepLater");
}

function watch(registration: ServiceWorkerRegistration): void {
  // A handheld may stay open for weeks.
  setInterval(() => void registration.update().catch(() => {}), UPDATE_CHECK_MS);
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const installing = registration.installing;
    installing?.addEventListener("statechange", () => {
      // Without a controller it is the first install, which is no update.
      if (installing.state === "installed" && navigator.serviceWorker.controller) offer(installing);
    });
  });
}

function offer(worker: ServiceWorker | null): void {
  if (!worker) return;
  waiting = worker;
  updateReady.value = true;
}

/** The person said yes: the new version takes over as soon as the outbox allows it. */
export function acceptUpdate(): void {
  accepted = true;
  effect(() => {
    if (mayUpdate.value) waiting?.postMessage("skipWaiting");
  });
}
