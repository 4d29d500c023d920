import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { connection } from "../../shell";
import { doneUpTo, unsentBlobs, useRow } from "../../sync";
import { read } from "../desk/ask";
import type { OrderPapers } from "./types";

export interface Known {
  readonly found: OrderPapers | undefined;
  readonly problem: string | undefined;
  readonly again: () => void;
}

/**
 * An order's papers, fetched again when its row moves, when this device's own work is answered,
 * when its files have gone, and when it is on-line again.
 */
export function usePapers(id: string): Known {
  const [found, setFound] = useState<OrderPapers>();
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState(0);
  const changed = useRow("order", id)?.changed_at;
  const latest = useRef(0);
  const { online } = connection.value;
  useEffect(() => {
    const mine = ++latest.current;
    void read<OrderPapers>(`/documents/orders/${encodeURIComponent(id)}/papers`).then(got => {
      if (mine !== latest.current) return;
      if (got.ok) setFound(got.body);
      setProblem(got.ok ? undefined : got.words);
    });
  }, [id, changed, asked, doneUpTo.value, unsentBlobs.value, online]);
  const again = useCallback(() => setAsked(n => n + 1), []);
  return { found, problem, again };
}
