import { useLayoutEffect, useRef } from "preact/hooks";
import { type ScanHandler, scans } from "./sources";

// Layout effects, for a scan between a change of screens and its painting must not reach the old one.

/** Gives a screen every scan while it is on show; the newest such screen or dialog wins. */
export function useScans(handler: ScanHandler): void {
  const current = useRef(handler);
  current.current = handler;
  useLayoutEffect(() => scans.subscribe(scan => current.current(scan)), []);
}

/** Keeps scans waiting, in order, while `active`: for dialogs and transitions. */
export function useHeldScans(active = true): void {
  useLayoutEffect(() => (active ? scans.hold() : undefined), [active]);
}
