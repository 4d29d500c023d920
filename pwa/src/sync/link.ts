/** The socket's life: opening, open, lost; how long to wait before the next try. */
import { ask } from "./ask";
import type { Effect, Event, State, Step } from "./state";

/** A socket that says nothing for so long is dead, whatever the browser believes. */
export const SILENCE_MS = 15_000;

/** Who has heard nothing for so long asks as one who has missed much. */
const LONG_MS = 60_000;

/** Full jitter: somewhere between now and 1, 2, 4 … 30 seconds, so that a fleet does not return as one. */
export function backOff(failures: number, jitter: number): number {
  const ceiling = Math.min(30_000, 1_000 * 2 ** Math.max(0, failures - 1));
  return Math.max(100, Math.round(jitter * ceiling));
}

/** Opens a socket. Who is far behind does not wait for it but asks meanwhile. */
export function connect(state: State, at: number): Step {
  if (state.stopped && !state.stopped.retry) return [state, []];
  const [next, effects] = ask({ ...away(state, at), link: "connecting" }, at);
  return [next, [{ t: "connect" }, { t: "timer", name: "silence", ms: SILENCE_MS }, ...effects]];
}

/** Sees whether the server has been out of reach, or the device asleep, for long. */
export function away(state: State, at: number): State {
  const long = state.heard === null || at - state.heard > LONG_MS;
  return long ? { ...state, behind: true } : state;
}

export function opened(state: State, event: Event, beatMs: number): Step {
  return [
    // An open socket has no position at the server yet: the first question sets it.
    {
      ...state,
      link: "up",
      linkFailures: 0,
      resting: false,
      stale: true,
      online: true,
      since: since(state, true, event.at),
    },
    [
      { t: "timer", name: "silence", ms: SILENCE_MS },
      { t: "timer", name: "beat", ms: beatMs },
    ],
  ];
}

/** The socket is gone. Questions go by POST until the next one opens. */
export function closed(state: State, event: Event): Step {
  const wasUp = state.link === "up";
  const linkFailures = state.linkFailures + 1;
  const asking = state.asking?.via === "http" ? state.asking : null;
  // A socket that never opened says nothing about the network: a proxy may refuse sockets only.
  const online = wasUp || event.t === "offline" ? false : state.online;
  // Those who lost a working server come back spread out; it may be busy starting.
  const resting = wasUp || event.t === "offline" || state.resting;
  const after: State = {
    ...state,
    link: "down",
    linkFailures,
    asking,
    online,
    resting,
    stale: true,
  };
  const again: Effect[] = [
    { t: "timer", name: "connect", ms: backOff(linkFailures, event.jitter) },
    { t: "timer", name: "ask", ms: backOff(state.askFailures + 1, 1 - event.jitter) },
  ];
  const [next, effects] = ask({ ...after, since: since(state, online, event.at) }, event.at);
  return [next, [...again, ...effects]];
}

export function since(state: State, online: boolean, at: number): number | null {
  return online === state.online ? state.since : at;
}
