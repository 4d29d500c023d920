/** When to ask, and with which operations. */
import { type Frame, MAX_OPS, MAX_OPS_BYTES, type WireOp } from "../kernel/wire";
import type { State, Step } from "./state";

export const BATCH = MAX_OPS;

/** How long an answer may take before the question counts as lost. */
const LOST_MS = 20_000;

const encoder = new TextEncoder();

/** Asks if there is a reason to and nothing speaks against it. */
export function ask(state: State, at: number): Step {
  // The first socket is worth waiting for. Where sockets have failed before, work does not wait.
  const opening = state.link === "connecting" && state.linkFailures === 0;
  if (state.asking || state.resting || opening) return [state, []];
  const ops = mayHandOver(state) ? nextOps(state) : [];
  const wanted =
    state.stopped && !state.stopped.retry ? ops.length > 0 : state.stale || ops.length > 0;
  if (!wanted) return [state, []];
  const id = state.nextId;
  const via = state.link === "up" ? "ws" : "http";
  const upTo = ops.at(-1)?.n ?? 0;
  return [
    { ...state, asking: { id, via, sid: state.sid, upTo }, nextId: id + 1, stale: false },
    [
      { t: "send", via, id, frame: frameOf(state, ops, at) },
      { t: "timer", name: "lost", ms: LOST_MS },
    ],
  ];
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
