import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { announce } from "../../ui";
import { read } from "../desk/ask";
import { askPath } from "./asking";
import type { AuditPage } from "./types";

const WAIT_MS = 200;

export interface Looking {
  /** All that was read so far, the newest first. */
  page: AuditPage | undefined;
  problem: string | undefined;
  busy: boolean;
  next: () => void;
}

/** Asks once the typing rests; older pages are put behind those that are shown. */
export function useTrail(query: URLSearchParams): Looking {
  const asked = String(query);
  const [page, setPage] = useState<AuditPage>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(true);
  const asking = useRef(new AbortController());

  const ask = useCallback(async (wanted: string, before?: AuditPage) => {
    asking.current.abort();
    const mine = new AbortController();
    asking.current = mine;
    setBusy(true);
    const path = askPath(new URLSearchParams(wanted), before?.more ?? "");
    const got = await read<AuditPage>(path, mine.signal);
    if (mine.signal.aborted) return;
    setBusy(false);
    setProblem(got.ok ? undefined : got.words);
    if (!got.ok) return;
    const entries = [...(before?.entries ?? []), ...got.body.entries];
    setPage({ ...got.body, entries });
    announce(t("audit.shown", { n: entries.length }));
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => void ask(asked), WAIT_MS);
    return () => {
      clearTimeout(timer);
      asking.current.abort();
    };
  }, [asked, ask]);

  return { page, problem, busy, next: () => page && void ask(asked, page) };
}
