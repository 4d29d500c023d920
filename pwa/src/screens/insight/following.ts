/** Dashboards that stand open are asked for again when something more has been counted. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { read } from "../desk/ask";

/** How far the log is counted in what is shown; whatever is shown is asked for again when it moves. */
export const shownUntil = signal(0);
/** When what is shown was last known to be the newest, in ms; 0: not yet. */
export const asOf = signal(0);
const EVERY_MS = 5_000;

interface Counted {
  counted: number;
  as_of: number;
}

/** `board`: what has come for the screen, by which anything newer is known. */
export function useFollowing(board: Counted | undefined): void {
  const known = board?.counted;
  useEffect(() => {
    if (board) asOf.value = board.as_of;
  }, [board]);
  useEffect(() => {
    if (known === undefined) return;
    const asking = new AbortController();
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      const got = await read<Counted>("/api/insights/counted", asking.signal);
      if (!got.ok || asking.signal.aborted) return;
      if (got.body.counted > known) shownUntil.value = got.body.counted;
      else asOf.value = got.body.as_of;
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    const seen = () => void look();
    document.addEventListener("visibilitychange", seen);
    return () => {
      asking.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [known]);
}
