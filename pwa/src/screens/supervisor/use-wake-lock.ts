import { useEffect } from "preact/hooks";

/** Keeps the screen on while the component is there, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const keep = async () => {
      if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
      try {
        const got = await navigator.wakeLock.request("screen");
        if (over) void got.release();
        else lock = got;
      } catch {
        // Refused while the battery is low: a wall has none, and shows all it has either way.
      }
    };
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener("visibilitychange", keep);
    void keep();
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", keep);
      void lock?.release();
    };
  }, []);
}
