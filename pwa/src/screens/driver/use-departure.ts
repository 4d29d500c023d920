import { useEffect, useRef, useState } from "preact/hooks";
import { type Departure, keepDeparture, loadDeparture } from "../../pod/departure";

export interface Departing {
  readonly departure: Departure;
  /** Rejects with `NotSaved` when the device has no room for it; the old one stays. */
  readonly change: (fields: Partial<Departure>) => Promise<void>;
}

/** What has been entered for a departure, kept on the disk with each change; `null` while read. */
export function useDeparture(run: string): Departing | null {
  const [departure, setDeparture] = useState<Departure | null>(null);
  // Two changes before the next rendering must both count.
  const latest = useRef<Departure | null>(null);
  const show = (next: Departure) => {
    latest.current = next;
    setDeparture(next);
  };
  useEffect(() => {
    let current = true;
    void loadDeparture(run).then(found => current && show(found));
    return () => {
      current = false;
    };
  }, [run]);
  if (!departure) return null;
  const change = async (fields: Partial<Departure>) => {
    const before = latest.current ?? departure;
    const next = { ...before, ...fields };
    // What is written stands on the screen at once; photos only when they are on the disk.
    if (!fields.photos) show(next);
    await keepDeparture(run, next);
    if (fields.photos) show({ ...(latest.current ?? next), photos: fields.photos });
  };
  return { departure, change };
}
