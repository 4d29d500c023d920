// @vitest-environment node
/**
 * The core against a model of the server with a network that drops, doubles and reorders, crashes on
 * both sides, restores from backup. A property that cannot fail proves nothing: each bug below is a
 * core that breaks one rule of the protocol, and must be caught.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Build, CORRECT } from "./model/device";
import { BUGS, mutant, same } from "./model/mutants";
import { type Action, Broken, World } from "./model/world";

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
