/** What an error of the server means for the exchange: each status in a state of its own. */
import { ask } from "./ask";
import { backOff, since } from "./link";
import type { Effect, Event, State, Step, Stopped } from "./state";

type Failed = Event & { t: "failed" };

/** A server that cannot serve us now is asked again once a minute. */
const SLOW_MS = 60_000;

export function failed(state: State, event: Failed): Step {
  const { asking } = state;
  if (asking?.id !== event.id) return [state, []];
  const after: State = { ...state, asking: null, stale: true, askFailures: state.askFailures + 1 };
  const { status } = event;
  if (status === 401)
    return [{ ...after, resting: true }, [{ t: "authenticate" }, soon(after, event)]];
  if (status === 413)
    return wait({ ...after, batch: Math.max(1, Math.floor(state.batch / 2)) }, event);
  if (status === 0) return wait(unreached(after, event.at), event);
  if (status === 429 || status >= 500) return wait(after, event);
  return stop(after, asking.upTo, event);
}

function unreached(state: State, at: number): State {
  const online = state.link === "up";
  return { ...state, online, since: since(state, online, at) };
}

function wait(state: State, event: Failed): Step {
  return [{ ...state, resting: true }, [soon(state, event)]];
}

function soon(state: State, event: Failed): Effect {
  const ms = Math.max(event.wait * 1_000, backOff(state.askFailures, event.jitter));
  return { t: "timer", name: "ask", ms };
}

function stop(state: State, upTo: number, event: Failed): Step {
  const stopped = reasonFor(event);
  if (stopped.retry)
    return [{ ...state, stopped, resting: true }, [{ t: "timer", name: "ask", ms: SLOW_MS }]];
  // Whoever is revoked or too old still hands over what was done: it has happened.
  const taken = stopped.code === "fork" ? state.taken : Math.max(state.taken, upTo);
  const [next, effects] = ask({ ...state, stopped, taken, link: "down" }, event.at);
  return [next, [{ t: "close" }, ...effects]];
}

function reasonFor(event: Failed): Stopped {
  const { status, error } = event;
  if (status === 426) return { code: "too_old", retry: false };
  if (status === 403 && error.code === "revoked") return { code: "revoked", retry: false };
  if (status === 409 && error.code === "fork") return { code: "fork", retry: false };
  return { code: error.code, retry: true };
}
