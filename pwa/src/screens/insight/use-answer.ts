import { useEffect, useState } from "preact/hooks";
import { read } from "../desk/ask";

export interface Answer<Body> {
  /** The newest; while another is on its way, still the one before. */
  body: Body | undefined;
  problem: string | undefined;
  /** What is shown is not yet the answer to what is asked. */
  busy: boolean;
  again: () => void;
}

interface Got<Body> {
  path: string;
  turn: number;
  body?: Body;
  problem?: string;
}

/** What the server says at a path. */
export function useAnswer<Body>(path: string): Answer<Body> {
  const [got, setGot] = useState<Got<Body>>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const asking = new AbortController();
    void read<Body>(path, asking.signal).then(said => {
      if (asking.signal.aborted) return;
      if (said.ok) setGot({ path, turn, body: said.body });
      else setGot(before => ({ ...before, path, turn, problem: said.words }));
    });
    return () => asking.abort();
  }, [path, turn]);
  const busy = got?.path !== path || got.turn !== turn;
  return {
    body: got?.body,
    problem: busy ? undefined : got.problem,
    busy,
    again: () => setTurn(turn + 1),
  };
}
