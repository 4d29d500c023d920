import { disk } from "../sync/engine";
import { deviceRecord, sign } from "./device";

export { type Enrolled, enrol } from "./enrol";
export type { Grant } from "./grant";
export {
  resumeSitting,
  type SignedIn,
  signIn,
  signOut,
  unsentAtSignOut,
  watchSitting,
} from "./signin";

/** This device's id, and its signature over bytes (a proof of delivery): r‖s, base64url. */
export async function thisDevice() {
  const record = await deviceRecord(disk());
  if (!record) return null;
  const { device, site, name } = record;
  return { device, site, name, sign: (bytes: BufferSource) => sign(record, bytes) };
}
