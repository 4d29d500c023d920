/** The order in which the device's parts begin. */
import { signal } from "@preact/signals";
import { resumeSitting, watchSitting } from "./auth";
import { authenticateDevice, lost } from "./auth/device";
import { begin, listen, phase, start } from "./sync";

/** Whether it is known who works: until then nobody is asked to sign in. */
export const begun = signal(false);

/** Called once by `main.tsx`. Who was at work a moment ago is signed in again by the time it resolves. */
export async function startEngine(): Promise<void> {
  listen();
  await start({ authenticate: authenticateDevice, lost });
  if (phase.value === "running") await resumeSitting();
  begun.value = true;
  begin();
  watchSitting();
}
