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

/** Those in use first, on-line before off-line, then by name. */
export function knownDevices(
  devices: ReadonlyMap<string, DeviceRow>,
  presence: ReadonlyMap<string, PresenceRow>,
): KnownDevice[] {
  const ids = new Set([...devices.keys(), ...presence.keys()]);
  return [...ids]
    .map(id => known(id, devices.get(id), presence.get(id)))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

function known(id: string, row: DeviceRow | undefined, last: PresenceRow | undefined): KnownDevice {
  const active = row?.state !== "revoked";
  return {
    id,
    name: row?.name ?? id,
    active,
    online: active && (last?.online ?? false),
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
