// @vitest-environment node
import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import type { WireOp } from "../kernel/wire";
import { NotSaved, openStorage } from "./storage";

const op = (n: number): WireOp => ({
  n,
  id: `${n}`,
  sid: "s1",
  k: "picking.confirm_pick",
  v: 1,
  at: n,
  boot: "b",
  mono: n,
  body: { line: n },
  refs: [],
});

it("keeps every operation through an upgrade, which an older tab does not hold up", async () => {
  const older = await openStorage("upgraded");
  await older.write(["ops", "meta"], async tx => {
    for (const n of [1, 2, 3]) await tx.objectStore("ops").put(op(n), n);
    await tx.objectStore("meta").put(4, "next_n");
  });
  const newer = await openStorage("upgraded", 2);
  expect(await newer.read(db => db.getAll("ops"))).toEqual([op(1), op(2), op(3)]);
  expect(await newer.getMeta("next_n")).toBe(4);
  // The older build no longer understands this disk: nothing may turn green there.
  await expect(older.putMeta("next_n", 1)).rejects.toThrow(NotSaved);
});
