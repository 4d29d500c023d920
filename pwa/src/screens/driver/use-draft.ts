import { useEffect, useRef, useState } from "preact/hooks";
import {
  type Draft,
  type Kept,
  type KeptPhoto,
  keepDraft,
  keepPhotos,
  loadDraft,
} from "../../pod/draft";

export interface Drafting extends Kept {
  change: (fields: Partial<Draft>) => void;
  /** Rejects with `NotSaved` when the device has no room for them; the old ones stay. */
  setPhotos: (photos: readonly KeptPhoto[]) => Promise<void>;
}

/** What has been entered at a stop, kept on the disk with each change; `null` while it is read. */
export function useDraft(stop: string): Drafting | null {
  const [kept, setKept] = useState<Kept | null>(null);
  // Two changes before the next rendering must both count.
  const latest = useRef<Kept | null>(null);
  const show = (next: Kept) => {
    latest.current = next;
    setKept(next);
  };
  useEffect(() => {
    let current = true;
    void loadDraft(stop).then(found => current && show(found));
    return () => {
      current = false;
    };
  }, [stop]);
  if (!kept) return null;

  const change = (fields: Partial<Draft>) => {
    const now = latest.current ?? kept;
    const draft = { ...now.draft, ...fields };
    show({ ...now, draft });
    // A full disk shows itself when the proof is saved; what is on the screen is still there.
    keepDraft(stop, draft).catch(() => {});
  };
  const setPhotos = async (photos: readonly KeptPhoto[]) => {
    const now = await keepPhotos(stop, photos);
    show({ ...(latest.current ?? kept), photos: now });
  };
  return { ...kept, change, setPhotos };
}
