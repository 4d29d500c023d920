/** Devices with what is known of each, from rows: pure. */
import type { DeviceRow, PresenceRow } from "../../kernel/contract";

export interface KnownDevice {
  id: string;
  name: string;
  active: boolean;
  online: boolean;
  /** Who works on it, an id. */
  person: string | null;
  /** ms; null when it has not been heard of since it was added. */
  seenAt: number | null;
  unsent: number;
  oldest: number | null;
  /** 0 to 1; null when the browser does not say. */
  battery: number | null;
}

/** A device that is here says so at least this often (ms), with time to spare. */
const SILENT_MS = 60_000;

/** A battery with so much left will not last until the break. */
export const LOW = 0.2;

/** Those in use first, on-line before off-line, then by name. */
export function knownDevices(
  devices: ReadonlyMap<string, DeviceRow>,
  presence: ReadonlyMap<string, PresenceRow>,
): KnownDevice[] {
  const ids = new Set([...devices.keys(), ...presence.keys()]);
  // Against the newest word of any device, this desk's own among them: no clock but the server's.
  const newest = Math.max(0, ...[...presence.values()].map(last => last.seen_at));
  return [...ids]
    .map(id => known(id, devices.get(id), presence.get(id), newest))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

function known(
  id: string,
  row: DeviceRow | undefined,
  last: PresenceRow | undefined,
  newest: number,
): KnownDevice {
  const active = row?.state !== "revoked";
  // A server that was killed never said that its devices had left.
  const heard = last?.online === true && newest - last.seen_at < SILENT_MS;
  return {
    id,
    name: row?.name ?? id,
    active,
    online: active && heard,
    person: last?.person ?? null,
    seenAt: last?.seen_at ?? null,
    unsent: last?.unsent ?? 0,
    oldest: last?.oldest ?? null,
    battery: last?.battery ?? null,
  };
}

function rank({ active, online }: KnownDevice): number {
  if (!active) return 2;
  return online ? 0 : 1;
}
