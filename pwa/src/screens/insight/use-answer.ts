import { useEffect, useState } from "preact/hooks";
import { read } from "../desk/ask";
import { shownUntil } from "./following";

export interface Answer<Body> {
  /** The newest; while another is on its way, still the one before. */
  body: Body | undefined;
  problem: string | undefined;
  /** What is shown is not the answer to what is asked. */
  busy: boolean;
  again: () => void;
}

interface Got<Body> {
  path: string;
  turn: number;
  body?: Body;
  problem?: string;
}

/** What the server says at a path; once more, without a word, when more has been counted. */
export function useAnswer<Body>(path: string): Answer<Body> {
  const [got, setGot] = useState<Got<Body>>();
  const [turn, setTurn] = useState(0);
  const until = shownUntil.value;
  useEffect(() => {
    const asking = new AbortController();
    void read<Body>(path, asking.signal).then(said => {
      if (asking.signal.aborted) return;
      if (said.ok) setGot(before => kept(before, { path, turn, body: said.body }));
      else setGot(before => failed(before, { path, turn, problem: said.words }));
    });
    return () => asking.abort();
  }, [path, turn, until]);
  const busy = got?.path !== path || got.turn !== turn;
  return {
    body: got?.body,
    problem: busy ? undefined : got.problem,
    busy,
    again: () => setTurn(turn + 1),
  };
}

/** What says the same stays the same, so that nothing is drawn anew for it. */
function kept<Body>(before: Got<Body> | undefined, now: Got<Body>): Got<Body> {
  if (!before || before.problem || before.path !== now.path || before.turn !== now.turn) return now;
  return JSON.stringify(before.body) === JSON.stringify(now.body) ? before : now;
}

/** Nobody asked again: what stands there is still what it was a moment ago. */
function failed<Body>(before: Got<Body> | undefined, now: Got<Body>): Got<Body> {
  const stands = before?.body && before.path === now.path && before.turn === now.turn;
  return stands ? before : { ...before, ...now };
}
