/** The engine as screens use it. */

import { resumeSitting } from "../auth";
import { watchSitting } from "../auth/signin";
import { begin, listen, start } from "./engine";
import { phase } from "./status";

export { type PreparedBlob, prepareBlob } from "../outbox/blob";
export { NotSaved } from "../outbox/storage";
export { useRow, useRows } from "../replica/hooks";
export { dispatch, lastOp, type Outcome, opNumbered, replica, session, submit } from "./engine";
export { doneUpTo, loading, needsReload, phase, serverSeen, stopped, unsentBlobs } from "./status";

/** Called once by `main.tsx`. Who was at work a moment ago is signed in again by the time it resolves. */
export async function startEngine(): Promise<void> {
  listen();
  await start();
  if (phase.value === "running") await resumeSitting();
  begin();
  watchSitting();
}
