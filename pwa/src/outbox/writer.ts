/** One tab writes: two with one device's number sequence would fork it. */

const LOCK = "dockhand.writer";

/**
 * Resolves when this tab is the writer, and stays it until the tab closes. `onWait` is called when
 * another tab has the work; this one takes over when that one goes.
 */
export function becomeWriter(onWait: () => void): Promise<void> {
  const locks = navigator.locks;
  if (!locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    const first = locks.request(LOCK, { ifAvailable: true }, lock => {
      if (lock) return hold();
      onWait();
      return undefined;
    });
    first.then(() => locks.request(LOCK, hold)).catch(reject);
  });
}
