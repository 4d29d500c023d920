/**
 * The core against a model of the server with a network that drops, doubles and reorders, crashes on
 * both sides, restores from backup. A property that cannot fail proves nothing: each bug below is a
 * core that breaks one rule of the protocol, and must be caught.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { step } from "./core";
import { type Build, CORRECT } from "./model/device";
import { type Action, Broken, World } from "./model/world";
import type { Effect, Event, State, Step } from "./state";

const OFTEN: Action["do"][] = ["scan", "deliver", "open", "settle", "ask"];
const SOMETIMES: Action["do"][] = [
  "bad",
  "repeat",
  "drop",
  "loseAnswer",
  "connect",
  "lost",
  "close",
  "crash",
  "flush",
  "push",
  "failSave",
  "reassign",
  "cancel",
  "zone",
  "zoneRow",
  "collect",
  "backup",
  "restore",
  "away",
  "pull",
];

const action: fc.Arbitrary<Action> = fc.record({
  do: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...OFTEN) },
    { weight: 3, arbitrary: fc.constantFrom(...SOMETIMES) },
  ),
  d: fc.nat(1),
  i: fc.nat(7),
});

function play(build: Build, actions: readonly Action[]): void {
  const world = new World(build);
  for (const one of actions) {
    world.act(one);
    world.checkSafety();
  }
  world.heal();
}

function live(build: Build): fc.IProperty<[Action[]]> {
  const actions = fc.array(action, { minLength: 10, maxLength: 60, size: "max" });
  return fc.property(actions, some => play(build, some));
}

/** A core that sees `event` or answers otherwise than the real one. */
function mutant(
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

const same = (_: State, event: Event) => event;

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

const BUGS: Record<string, Build> = {
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

/** Chance rarely finds this one: two pushes overtake each other and nothing changes afterwards. */
const OVERTAKEN: readonly Action[] = [
  { do: "settle", d: 0, i: 0 },
  { do: "settle", d: 1, i: 0 },
  { do: "cancel", d: 0, i: 0 },
  { do: "push", d: 0, i: 0 },
  { do: "cancel", d: 0, i: 1 },
  { do: "push", d: 0, i: 0 },
  { do: "deliver", d: 0, i: 1 },
  { do: "deliver", d: 0, i: 0 },
];

const DISCARDS_WITHOUT_ASKING = mutant(same, (before, result, event) =>
  event.t === "push" && !result[1].some(effect => effect.t === "save") ? [before, []] : result,
);

describe("sync core against the model", () => {
  it("keeps I1-I10 through loss, doubles, disorder, crashes and restores", () => {
    fc.assert(live(CORRECT), { numRuns: 2_000, seed: 20_261_122 });
  }, 60_000);

  for (const [bug, build] of Object.entries(BUGS))
    it(`catches ${bug}`, () => {
      const found = fc.check(live(build), { numRuns: 3_000, seed: 7, endOnFailure: true });
      expect(found.errorInstance, bug).toBeInstanceOf(Broken);
    }, 60_000);

  it("catches discard_without_asking: a push that does not fit is thrown away and that is that", () => {
    play(CORRECT, OVERTAKEN);
    expect(() => play(DISCARDS_WITHOUT_ASKING, OVERTAKEN)).toThrow(Broken);
  });
});
