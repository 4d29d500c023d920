import { useCallback, useEffect, useState } from "preact/hooks";
import { language } from "../../i18n";
import { connection } from "../../shell";
import { doneUpTo } from "../../sync";
import { type Asked, read } from "../desk/ask";
import type { Overview } from "./types";

export interface Answer<Body> {
  readonly body: Body | undefined;
  readonly problem: string | undefined;
  readonly busy: boolean;
  readonly again: () => void;
}

/** What a path answers; asked anew when the path changes. An older answer never wins. */
export function useAnswer<Body>(path: string): Answer<Body> {
  const [found, setFound] = useState<Asked<Body>>();
  const [busy, setBusy] = useState(true);
  const [turn, setTurn] = useState(0);
  const { online } = connection.value;
  useEffect(() => {
    const mine = new AbortController();
    setBusy(true);
    void read<Body>(path, mine.signal).then(got => {
      if (mine.signal.aborted) return;
      setFound(got);
      setBusy(false);
    });
    return () => mine.abort();
  }, [path, turn, online]);
  const again = useCallback(() => setTurn(n => n + 1), []);
  return {
    body: found?.ok ? found.body : undefined,
    problem: found && !found.ok ? found.words : undefined,
    busy,
    again,
  };
}

/** Which reports there are; asked again when this device's own work is answered. */
export function useReports(): Answer<Overview> {
  return useAnswer<Overview>(`/api/reports?lang=${language.value}&of=${doneUpTo.value}`);
}
