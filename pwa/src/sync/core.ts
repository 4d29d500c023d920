/**
 * The exchange with the server as a pure function: what is known, what is heard -> what is known,
 * what to do. The rules are those of `docs/protocol.md`; the shell (`shell.ts`) runs the effects.
 */
import type { WireOp } from "../kernel/wire";
import { adopt } from "./adopt";
import { ask, BATCH } from "./ask";
import { failed } from "./failure";
import { away, closed, connect, opened, SILENCE_MS, since } from "./link";
import type { Durable, Effect, Event, State, Step } from "./state";

const BEAT_MS = 10_000;
const POLL_MS = 5_000;

/** The state at the start of the app; `ops` are all on the disk with `n > durable.done`. */
export function initial(
  durable: Durable,
  ops: readonly WireOp[],
  lastN: number,
  sid: string | null,
  app: string,
): State {
  return {
    durable,
    pending: ops,
    lastN,
    sid,
    app,
    link: "down",
    asking: null,
    nextId: 1,
    stale: true,
    behind: true,
    heard: null,
    askFailures: 0,
    linkFailures: 0,
    resting: false,
    batch: BATCH,
    taken: 0,
    answeredSid: null,
    online: false,
    since: null,
    stopped: null,
  };
}

export function step(state: State, event: Event): Step {
  switch (event.t) {
    case "start":
      return connect(state, event.at);
    case "queued":
      return ask(queue(state, event.ops), event.at);
    case "person":
      return ask({ ...state, sid: event.sid, stale: true, behind: true }, event.at);
    case "opened":
      return then(opened(state, event, BEAT_MS), s => ask(s, event.at));
    case "closed":
      return closed(state, event);
    case "heard":
      return heard(state, event);
    case "pull":
      return ask({ ...state, stale: true, behind: true }, event.at);
    case "answer":
      return answered(state, event);
    case "push":
      return pushed(state, event);
    case "failed":
      return failed(state, event);
    case "authenticated":
      return authenticated(state, event);
    case "timer":
      return timer(state, event);
    case "online":
    case "visible":
      return awake(state, event);
    case "offline":
      return then(closed({ ...state, asking: null }, event), s => [s, [{ t: "close" }]]);
  }
}

/** Runs the next step on the state of the first; the effects of both, in order. */
function then([state, effects]: Step, next: (state: State) => Step): Step {
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
}

function queue(state: State, ops: readonly WireOp[]): State {
  // After a restart the disk's list may already hold what is only now announced.
  const fresh = ops.filter(op => op.n > state.lastN);
  if (fresh.length === 0) return state;
  const lastN = fresh.at(-1)?.n ?? state.lastN;
  return { ...state, pending: [...state.pending, ...fresh], lastN };
}

function heard(state: State, event: Event): Step {
  return [reached(state, event.at), [{ t: "timer", name: "silence", ms: SILENCE_MS }]];
}

function reached(state: State, at: number): State {
  return { ...state, heard: at, online: true, since: since(state, true, at) };
}

function answered(state: State, event: Event & { t: "answer" }): Step {
  const { asking } = state;
  const mine = asking?.id === event.id;
  const freed: State = mine ? { ...state, asking: null } : state;
  const adopted = adopt(state.durable, event.answer, event.asked, event.at);
  // Late, doubled or of another life: nothing is learnt from it but that we must ask, for the
  // server believes that we have it.
  if (!adopted) return ask({ ...freed, stale: true }, event.at);
  if (adopted.durable.seen > state.lastN) return cloned(freed);
  const held = "restart" in event.answer ? everything(state, event.kept) : state.pending;
  const moved = withDurable(reached(freed, event.at), adopted.durable, held);
  const save: Effect = { t: "save", durable: adopted.durable, change: adopted.change };
  const again = mine ? afterAnswer(state, moved, event) : moved;
  return then([again, [save]], s => rest(s, event));
}

/** What the disk held when it was read, and what was queued since. */
function everything({ pending }: State, kept: readonly WireOp[] = []): readonly WireOp[] {
  const last = kept.at(-1)?.n ?? 0;
  return [...kept, ...pending.filter(op => op.n > last)];
}

/** The server has answered operations that this disk never held: the disk is an older copy. */
function cloned(state: State): Step {
  return [{ ...state, stopped: { code: "fork", retry: false } }, [{ t: "close" }]];
}

function withDurable(state: State, durable: Durable, held: readonly WireOp[]): State {
  const pending = held.filter(op => op.n > durable.done);
  const lastN = Math.max(state.lastN, held.at(-1)?.n ?? 0);
  return { ...state, durable, pending, lastN, behind: durable.more };
}

/** Counts an answer that was adopted to our own question, and sees whether it got us on. */
function afterAnswer(before: State, state: State, event: Event & { t: "answer" }): State {
  const { asking } = before;
  if (!asking) return state;
  const { durable } = state;
  const restarted = "restart" in event.answer;
  const viaOther = asking.via === "http" && state.link === "up";
  const stale = durable.more || restarted || viaOther || asking.sid !== state.sid;
  const short = !restarted && !durable.more && durable.seen < asking.upTo;
  const stuck = short && durable.seen === before.durable.seen;
  const taken = durable.more && !restarted ? Math.max(state.taken, asking.upTo) : 0;
  const askFailures = stuck ? before.askFailures + 1 : 0;
  return {
    ...state,
    stale,
    taken,
    askFailures,
    batch: BATCH,
    stopped: null,
    resting: stuck,
    answeredSid: asking.sid,
  };
}

/** After an answer: wait where the server made no headway, else go on, else poll without a socket. */
function rest(state: State, event: Event): Step {
  if (state.resting)
    return [state, [{ t: "timer", name: "ask", ms: 1_000 + event.jitter * 9_000 }]];
  const [next, effects] = ask(state, event.at);
  if (next.asking || next.link !== "down") return [next, effects];
  return [next, [...effects, { t: "timer", name: "ask", ms: POLL_MS }]];
}

function pushed(state: State, event: Event & { t: "push" }): Step {
  // The answer under way covers what is pushed meanwhile: on the socket it sets the position anew,
  // and after a POST the socket is asked.
  if (state.asking) return [state, []];
  const asked = { epoch: event.answer.epoch, cur: event.base };
  const adopted =
    "restart" in event.answer ? null : adopt(state.durable, event.answer, asked, event.at);
  if (!adopted) return ask({ ...state, stale: true }, event.at);
  if (adopted.durable.seen > state.lastN) return cloned(state);
  const moved = withDurable(reached(state, event.at), adopted.durable, state.pending);
  const save: Effect = { t: "save", durable: adopted.durable, change: adopted.change };
  return then([{ ...moved, stale: moved.stale || moved.durable.more }, [save]], s =>
    ask(s, event.at),
  );
}

function authenticated(state: State, event: Event & { t: "authenticated" }): Step {
  if (!event.ok)
    return [event.code ? { ...state, stopped: { code: event.code, retry: true } } : state, []];
  const free: State = { ...state, resting: false };
  if (free.link === "down" && free.askFailures <= 1) return connect(free, event.at);
  return free.askFailures <= 1 ? ask(free, event.at) : [state, []];
}

function timer(state: State, event: Event & { t: "timer" }): Step {
  switch (event.name) {
    case "ask":
      return ask({ ...state, resting: false, stale: mustAsk(state) }, event.at);
    case "connect":
      return state.link === "down" ? connect(state, event.at) : [state, []];
    case "beat":
      if (state.link !== "up") return [state, []];
      return [state, [{ t: "beat" }, { t: "timer", name: "beat", ms: BEAT_MS }]];
    case "silence":
    case "lost":
      return given(state, event);
  }
}

/** A timer left over from before a socket was placed asks for nothing: pushes tell what is new. */
function mustAsk({ stale, resting, link }: State): boolean {
  return stale || resting || link !== "up";
}

/** Nothing came in time: a mute socket is closed, a question without an answer is given up. */
function given(state: State, event: Event & { t: "timer" }): Step {
  const { asking, link } = state;
  if (event.name === "lost" && asking?.via === "http")
    return failed(state, {
      ...event,
      t: "failed",
      id: asking.id,
      status: 0,
      error: { code: "busy" },
      wait: 0,
    });
  const hung = event.name === "silence" ? link !== "down" : asking !== null;
  return hung ? then(closed(state, event), s => [s, [{ t: "close" }]]) : [state, []];
}

function awake(state: State, event: Event): Step {
  const back: State = { ...state, askFailures: 0, linkFailures: 0, resting: false, stale: true };
  return back.link === "down" ? connect(back, event.at) : ask(away(back, event.at), event.at);
}
