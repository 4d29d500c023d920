// @vitest-environment node
/** The core against runs of the Python model (`tests/sync/model/golden.py`), state by state. */
import "fake-indexeddb/auto";
import written from "@vectors/sync_traces.json";
import { describe, expect, it } from "vitest";
import { CORRECT } from "./model/device";
import { BUGS } from "./model/mutants";
import { Differs, play, type Trace } from "./model/replay";

const TRACES = Object.entries(written as unknown as Record<string, Trace>);

/** Bugs in what the core makes of what it hears; the others are the shell's or about when to ask. */
const SEEN = [
  "apply_stale",
  "push_any_base",
  "volatile_catchup",
  "forget_on_epoch",
  "no_epoch",
  "reset_ignored",
  "restart_loses_ops",
];

describe("sync core against the model's traces", () => {
  for (const [name, trace] of TRACES)
    it(`ends each step of ${name} as the model does`, () => play(CORRECT, name, trace));

  for (const [bug, build] of Object.entries(BUGS).filter(([b]) =>
    SEEN.includes(b.split(":")[0] ?? ""),
  ))
    it(`goes red with ${bug}`, async () => {
      const played = TRACES.map(([name, trace]) => play(build, name, trace));
      const failed = (await Promise.allSettled(played)).flatMap(r =>
        r.status === "rejected" ? [r.reason] : [],
      );
      expect(failed[0]).toBeInstanceOf(Differs);
    });

  it("knows every bug that it claims to see", () => {
    const known = Object.keys(BUGS).map(bug => bug.split(":")[0]);
    expect(known).toEqual(expect.arrayContaining(SEEN));
  });
});
