import { errorOf, isRecord, post } from "../kernel/http";
import { found, fresh } from "../sync/disk";
import { begin, disk, resume } from "../sync/engine";
import { type DeviceRecord, makeKeys } from "./device";

export type Enrolled =
  | { readonly ok: true; readonly device: string; readonly site: string }
  | { readonly ok: false; readonly code: string };

/** Makes this browser a device by a one-time code (`7KQ4-M2XD`); `offline` without a server. */
export async function enrol(code: string, name: string): Promise<Enrolled> {
  const made = await makeKeys();
  const key = await crypto.subtle.exportKey("jwk", made.keys.publicKey);
  const reply = await post("/auth/enrol", { code: code.trim().toUpperCase(), name, key });
  const { body } = reply;
  if (reply.status === 0) return { ok: false, code: "offline" };
  if (reply.status >= 300 || !isRecord(body)) return { ok: false, code: errorOf(body).code };
  const device = String(body.device);
  const site = String(body.site);
  const record: DeviceRecord = { device, site, name, ...made };
  await found(disk(), fresh(device, String(body.epoch)), record);
  await resume();
  begin();
  return { ok: true, device, site };
}
