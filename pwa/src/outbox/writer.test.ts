// @vitest-environment node
import { afterEach, describe, expect, it, vi } from "vitest";
import { becomeWriter } from "./writer";

type Hold = (lock: object | null) => Promise<unknown> | undefined;

/** `navigator.locks` of one browser, for one name; `close` is what closing the holding tab does. */
function browserLocks() {
  let held = false;
  const queue: (() => void)[] = [];
  const grant = (hold: Hold) => {
    held = true;
    return hold({}) ?? Promise.resolve();
  };
  return {
    request(_: string, options: { ifAvailable?: boolean } | Hold, maybe?: Hold) {
      const hold = (maybe ?? options) as Hold;
      if (!held) return grant(hold);
      if (maybe) return Promise.resolve(maybe(null));
      return new Promise(resolve => queue.push(() => resolve(grant(hold))));
    },
    close() {
      held = false;
      queue.shift()?.();
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe("the writing tab", () => {
  it("is the first; the second is told that another tab has the work, and takes over", async () => {
    const locks = browserLocks();
    vi.stubGlobal("navigator", { locks });
    const firstWaits = vi.fn();
    await becomeWriter(firstWaits);

    const secondWaits = vi.fn();
    const writes = vi.fn();
    void becomeWriter(secondWaits).then(writes);
    await new Promise(resolve => setTimeout(resolve, 0));
    expect(firstWaits).not.toHaveBeenCalled();
    expect(secondWaits).toHaveBeenCalledOnce();
    expect(writes).not.toHaveBeenCalled();

    locks.close();
    await new Promise(resolve => setTimeout(resolve, 0));
    expect(writes).toHaveBeenCalledOnce();
  });
});
