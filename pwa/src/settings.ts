import { type Signal, signal } from "@preact/signals";
import type { Suffix } from "./scan/wedge";

/** A choice that stays on this device. A value that no longer parses falls back to the default. */
function kept<T extends boolean | string>(name: string, fallback: T): Signal<T> {
  const key = `dockhand.${name}`;
  const choice = signal(read(key, fallback));
  choice.subscribe(value => {
    if (value !== fallback || localStorage.getItem(key) !== null)
      localStorage.setItem(key, JSON.stringify(value));
  });
  return choice;
}

function read<T>(key: string, fallback: T): T {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof stored === typeof fallback ? (stored as T) : fallback;
  } catch {
    return fallback;
  }
}

/** What a person sets for this device; no personal data and no credential ever. */
export const settings = {
  sounds: kept<boolean>("sounds", true),
  vibration: kept<boolean>("vibration", true),
  suffix: kept<Suffix>("scanner.suffix", "enter-tab"),
  /** Whether a hidden field keeps the focus on touch devices, for data wedges that insert text. */
  catcher: kept<boolean>("scanner.catcher", true),
  /** The bench whose printer this device prints to. */
  station: kept<string>("printer.station", ""),
  gsSubstitute: kept<string>("scanner.gs", ""),
};
