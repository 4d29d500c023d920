/**
 * Which printer stands at this device's bench. A setting of another build may be of another shape:
 * what cannot be read is left out, and the device prints by itself.
 */
import { computed } from "@preact/signals";
import { settings } from "../settings";
import { replica } from "../sync";

export interface Station {
  readonly id: string;
  readonly name: string;
  /** `browser`: what this device prints to; the others are the server's. */
  readonly kind: "network" | "browser" | "null";
}

const KINDS: readonly unknown[] = ["network", "browser", "null"];

/** Setting `printing`; the server's own words for it stand in server/packing/printers.py. */
export function stationsOf(value: unknown): readonly Station[] {
  const said = isRecord(value) ? value : {};
  const listed = Array.isArray(said.stations) ? said.stations : [];
  return listed.filter(
    (each): each is Station =>
      isRecord(each) &&
      typeof each.id === "string" &&
      typeof each.name === "string" &&
      KINDS.includes(each.kind),
  );
}

/** The bench that was chosen on this device; where there is only one, that. */
export function stationOf(all: readonly Station[], chosen: string): Station | undefined {
  return all.find(({ id }) => id === chosen) ?? (all.length === 1 ? all[0] : undefined);
}

export const stations = computed(() => stationsOf(replica.row("setting", "printing").value?.value));

export const station = computed(() => stationOf(stations.value, settings.station.value));

/** The printer that the server sends to, if this bench has one. */
export const printer = computed(() =>
  station.value && station.value.kind !== "browser" ? station.value : undefined,
);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
