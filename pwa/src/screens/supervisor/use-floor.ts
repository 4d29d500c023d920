import { useEffect, useRef, useState } from "preact/hooks";
import { connection } from "../../shell";
import { useRow, useRows } from "../../sync";
import { type Asked, read } from "../desk/ask";
import { asFloorPlan, type FloorPlan } from "../floor/floor-plan";
import type { FloorBin, Picks } from "./floor-model";

export type Days = 1 | 7;

/** What is confirmed on the floor comes in bursts: figures are asked for once in so long. */
const PAUSE_MS = 4_000;

export interface Floor {
  readonly plan: FloorPlan | null;
  /** `undefined` until they have come. */
  readonly bins: readonly FloorBin[] | undefined;
  readonly picks: Picks;
  /** Why the newest figures are missing. */
  readonly problem: string | undefined;
}

/** The floor and its heat, kept up to date while the screen is open. */
export function useFloor(days: Days): Floor {
  const layout = useRow("setting", "layout");
  const online = connection.value.online;
  const bins = useAnswer<{ bins: FloorBin[] }>("/api/floor", [layout, online]);
  const heat = useAnswer<{ picks: Picks }>(`/api/floor/heat?days=${days}`, [online, useBursts()]);
  return {
    plan: asFloorPlan(layout?.value),
    bins: bins.body?.bins,
    picks: heat.body?.picks ?? {},
    problem: bins.problem ?? heat.problem,
  };
}

interface Answer<Body> {
  readonly body?: Body;
  readonly problem?: string;
}

/** Asked when the screen opens and whenever one of `causes` changes; an old answer stays meanwhile. */
function useAnswer<Body>(path: string, causes: readonly unknown[]): Answer<Body> {
  const [answer, setAnswer] = useState<Answer<Body>>({});
  useEffect(() => {
    let wanted = true;
    const keep = (asked: Asked<Body>) => {
      if (!wanted) return;
      setAnswer(old => (asked.ok ? { body: asked.body } : { ...old, problem: asked.words }));
    };
    void read<Body>(path).then(keep);
    return () => {
      wanted = false;
    };
  }, [path, ...causes]);
  return answer;
}

/** Counts up when somebody has confirmed something, at most once in each pause. */
function useBursts(): number {
  const [count, setCount] = useState(0);
  const newest = useRows("place").reduce((latest, { at }) => Math.max(latest, at), 0);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const seen = useRef(newest);
  useEffect(() => {
    if (newest === seen.current || waiting.current !== undefined) return;
    seen.current = newest;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      setCount(n => n + 1);
    }, PAUSE_MS);
  }, [newest]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return count;
}
