/** When to ask, and with which operations. */
import { type Frame, MAX_OPS, MAX_OPS_BYTES, type WireOp } from "../kernel/wire";
import type { State, Step, Via } from "./state";

export const BATCH = MAX_OPS;

/** More operations than a person makes while an answer is under way: they bring many rows. */
const BACKLOG = 10;

/** How long an answer may take before the question counts as lost. */
const LOST_MS = 20_000;

const encoder = new TextEncoder();

/** Asks if there is a reason to and nothing speaks against it. */
export function ask(state: State, at: number): Step {
  if (state.asking || state.resting) return [state, []];
  const ops = mayHandOver(state) ? nextOps(state) : [];
  const much = state.behind || ops.length > BACKLOG;
  // The first socket is worth waiting for. Where sockets have failed before, work does not wait.
  if (state.link === "connecting" && state.linkFailures === 0 && !much) return [state, []];
  const wanted =
    state.stopped && !state.stopped.retry ? ops.length > 0 : state.stale || ops.length > 0;
  if (!wanted) return [state, []];
  const id = state.nextId;
  const via = way(state, much);
  const upTo = ops.at(-1)?.n ?? 0;
  return [
    { ...state, asking: { id, via, sid: state.sid, upTo }, nextId: id + 1, stale: false },
    [
      { t: "send", via, id, frame: frameOf(state, ops, at) },
      { t: "timer", name: "lost", ms: LOST_MS },
    ],
  ];
}

/**
 * Catching up goes by POST, which is gzipped and need not wait for a socket; where POST has just
 * failed, by the socket. What is asked on the socket places it: pushes go on from there.
 */
function way({ link, askFailures }: State, much: boolean): Via {
  return link === "up" && (!much || askFailures > 0) ? "ws" : "http";
}

/** A cloned disk must hand over nothing: its numbers belong to somebody else's operations. */
function mayHandOver(state: State): boolean {
  return state.stopped?.code !== "fork";
}

/** The next operations in order, as many as one frame takes; at least one, however big. */
function nextOps(state: State): readonly WireOp[] {
  const from = Math.max(state.durable.seen, state.taken);
  const ops = state.pending.filter(op => op.n > from).slice(0, state.batch);
  let bytes = 0;
  const fits = ops.findIndex((op, i) => {
    bytes += encoder.encode(JSON.stringify(op)).length;
    return i > 0 && bytes > MAX_OPS_BYTES;
  });
  return fits === -1 ? ops : ops.slice(0, fits);
}

function frameOf(state: State, ops: readonly WireOp[], at: number): Frame {
  const { device, epoch, cur } = state.durable;
  return { p: 1, dev: device, sid: state.sid, epoch, app: state.app, now: at, cur, ops };
}
