import { expect, it } from "vitest";
import type { WireOp } from "../kernel/wire";
import { headIn } from "./chain";
import { type Closed, closed, proofState, withClosed } from "./closed";
import type { Evidence, Stop } from "./shapes";

const proof = { n: 7, blobs: ["aa", "bb"] };

it("is recorded until the server has answered, whatever is sent of the evidence", () => {
  expect(proofState(proof, 6, new Map([["aa", "sent"]]))).toBe("recorded");
});

it("is sent while a signature or photo still waits", () => {
  expect(
    proofState(
      proof,
      7,
      new Map([
        ["aa", "sent"],
        ["bb", "waiting"],
      ]),
    ),
  ).toBe("sent");
});

it("is complete when all evidence is at the server, also after it was cleared from the device", () => {
  expect(proofState(proof, 9, new Map([["aa", "sent"]]))).toBe("complete");
  expect(proofState({ n: 7, blobs: [] }, 7, new Map())).toBe("complete");
});

it("says so when evidence is lost", () => {
  expect(
    proofState(
      proof,
      7,
      new Map([
        ["aa", "lost"],
        ["bb", "waiting"],
      ]),
    ),
  ).toBe("lost");
});

const DAY = 86_400_000;

it("keeps a week of stops, and their rows for as long as they may be corrected", () => {
  const row = { policy: { correct_ms: DAY } } as Stop;
  const closedAt = (day: number) => ({ stop: `S${day}`, at: day * DAY, row }) as Closed;
  closed.value = [1, 5, 9, 10].map(closedAt);
  const now = { at: 10 * DAY + 1, outcome: "full" } as Evidence;
  const sent = { n: 1, refs: [] as readonly string[] } as WireOp;
  const kept = withClosed({ id: "S11", policy: row.policy } as Stop, now, "ab", sent);
  expect(kept.map(each => [each.stop, each.row !== undefined])).toEqual([
    ["S5", false],
    ["S9", false],
    ["S10", true],
    ["S11", true],
  ]);
});

const op = (body: WireOp["body"]) => ({ body }) as WireOp;

it("chains on this device's own record only: a device enrolled anew begins again", () => {
  const said = op({ record: { device: "k7", seq: 4 }, hash: "ab" });
  expect(headIn(said, "k7")).toEqual({ seq: 4, hash: "ab" });
  expect(headIn(said, "k8")).toBeUndefined();
  expect(headIn(undefined, "k7")).toBeUndefined();
  expect(headIn(op({}), "k7")).toBeUndefined();
});
