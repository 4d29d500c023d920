/** The order in which the device's parts begin. */
import { resumeSitting, watchSitting } from "./auth";
import { authenticateDevice, lost } from "./auth/device";
import { begin, listen, phase, start } from "./sync";

/** Called once by `main.tsx`. Who was at work a moment ago is signed in again by the time it resolves. */
export async function startEngine(): Promise<void> {
  listen();
  await start({ authenticate: authenticateDevice, lost });
  if (phase.value === "running") await resumeSitting();
  begin();
  watchSitting();
}
