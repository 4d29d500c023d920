/** Changing the setting `printing` on the administrator's desk. Pure. */
import type { Station } from "./stations";

/** A bench with all that the server knows of it. */
export interface Bench extends Station {
  readonly address?: string;
  readonly dpi?: number;
}

export const DPIS = [203, 300] as const;

/** As the server takes it: a host, or host and port, for a printer on the network and for no other. */
const ADDRESS = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$/;

export function addressFits(address: string): boolean {
  const port = Number(/:(\d+)$/.exec(address)?.[1] ?? 1);
  return ADDRESS.test(address) && port > 0 && port < 65_536;
}

/** An id that no bench has yet, from its name where that has letters or digits of the alphabet. */
export function freshId(name: string, all: readonly Station[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const stem = plain.slice(0, 28) || "bench";
  const taken = new Set(all.map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** The setting with this bench put in, or changed where it is; what else it says stays. */
export function withBench(value: unknown, bench: Bench): Record<string, unknown> {
  const all = listed(value);
  const there = all.some(({ id }) => id === bench.id);
  const stations = there ? all.map(each => (each.id === bench.id ? bench : each)) : [...all, bench];
  return { ...(value as object | undefined), stations };
}

export function withoutBench(value: unknown, id: string): Record<string, unknown> {
  const stations = listed(value).filter(each => each.id !== id);
  return { ...(value as object | undefined), stations };
}

function listed(value: unknown): readonly Bench[] {
  const stations = (value as { stations?: unknown } | undefined)?.stations;
  return Array.isArray(stations) ? (stations as Bench[]) : [];
}
