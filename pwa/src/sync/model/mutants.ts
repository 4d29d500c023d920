/** Cores and devices that break one rule of the protocol each: whatever checks the rules must see it. */
import { step } from "../core";
import type { Effect, Event, State, Step } from "../state";
import { type Build, CORRECT } from "./device";

/** A core that sees `event` or answers otherwise than the real one. */
export function mutant(
  before: (state: State, event: Event) => Event,
  after: (state: State, result: Step, event: Event) => Step = (_, result) => result,
): Build {
  return {
    step: (state, event) => {
      const seen = before(state, event);
      return after(state, step(state, seen), seen);
    },
  };
}

export const same = (_: State, event: Event) => event;

/** Changes what is saved and what the core believes alike. */
function resaved(
  change: (effect: Effect & { t: "save" }, before: State) => Effect & { t: "save" },
) {
  return mutant(same, (before, [state, effects]) => {
    const changed = effects.map(effect => (effect.t === "save" ? change(effect, before) : effect));
    const saved = changed.find(effect => effect.t === "save");
    if (!saved) return [state, effects];
    const pending = state.pending.filter(op => op.n > saved.durable.done);
    return [{ ...state, durable: saved.durable, pending }, changed];
  });
}

export const BUGS: Record<string, Build> = {
  "apply_stale: an answer to cursors that are no longer ours is adopted": mutant((state, event) =>
    event.t === "answer" &&
    !("restart" in event.answer) &&
    event.answer.epoch === state.durable.epoch
      ? { ...event, asked: { epoch: state.durable.epoch, cur: state.durable.cur } }
      : event,
  ),
  "push_any_base: a push is adopted whatever it continues": mutant((state, event) =>
    event.t === "push" ? { ...event, base: state.durable.cur } : event,
  ),
  "volatile_catchup: operations leave pending on the first page of a snapshot": resaved(effect => {
    const { durable } = effect;
    return { ...effect, durable: { ...durable, done: durable.seen, more: false } };
  }),
  "forget_on_epoch: after a restore the done mark stays where it was": resaved((effect, before) => {
    const { durable } = effect;
    if (durable.epoch === before.durable.epoch) return effect;
    const { done, seen } = before.durable;
    return {
      ...effect,
      durable: {
        ...durable,
        done: Math.max(done, durable.done),
        seen: Math.max(seen, durable.seen),
      },
    };
  }),
  "no_epoch: after a restore rows and cursors stay": resaved((effect, before) => {
    const { durable } = effect;
    if (durable.epoch === before.durable.epoch) return effect;
    return {
      t: "save",
      durable: { ...durable, cur: before.durable.cur, more: false },
      change: { forget: [], rows: [] },
    };
  }),
  "reset_ignored: rows of a scope that begins anew stay": resaved(effect => ({
    ...effect,
    change: { ...effect.change, forget: effect.change.forget === "all" ? "all" : [] },
  })),
  "restart_loses_ops: what the old life had answered is not sent again": mutant((state, event) => {
    if (event.t !== "answer" || !event.kept) return event;
    return { ...event, kept: state.pending };
  }),
  "socket_without_place: who has caught up by POST believes that the socket goes on from there":
    mutant(same, (before, [state, effects], event) => {
      if (event.t !== "answer" || before.asking?.via !== "http") return [state, effects];
      if (state.asking?.via !== "ws" || state.behind) return [state, effects];
      return [{ ...state, asking: null }, effects.filter(effect => effect.t !== "send")];
    }),
  "waits_for_ever: a question without an answer is never given up": mutant((_, event) =>
    event.t === "timer" && event.name === "lost" ? { ...event, name: "beat" } : event,
  ),
  "ack_before_durable: green before the operation is on the disk": {
    ...CORRECT,
    confirmsBeforeDisk: true,
  },
  "two_transactions: cursors are written before their rows": {
    ...CORRECT,
    savesCursorsFirst: true,
  },
};
