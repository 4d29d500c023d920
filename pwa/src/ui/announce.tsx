import { signal } from "@preact/signals";

const words = signal("");

/** Reads a result out to a screen reader without moving the focus. */
export function announce(text: string): void {
  // The same words twice must be two changes, or the second is not read.
  words.value = words.peek() === text ? `${text}\u00a0` : text;
}

/** The shell's one live region for results. */
export function Announcer() {
  return (
    <div class="unseen" aria-live="assertive" aria-atomic="true">
      {words}
    </div>
  );
}
