/** Single keys that do something, in a list that has the focus. */
import { useEffect, useRef } from "preact/hooks";

/** A scanner types faster than any hand (ms between characters): what it types is no command. */
const BY_HAND_MS = 100;

export type Keys = Readonly<Record<string, () => void>>;

/** The name of a key with what is held beside it, such as `Shift+ArrowDown` or `Control+a`. */
export function keyName({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  const named = key.length > 1;
  const beside = [ctrlKey || metaKey ? "Control+" : "", shiftKey && named ? "Shift+" : ""].join("");
  return beside + (named ? key : key.toLowerCase());
}

/** Characters that come in a burst are left alone; the others run when the hand has rested. */
export class ByHand {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: (() => void) | null = null;
  private last = Number.NEGATIVE_INFINITY;

  press(at: number, run: () => void): void {
    this.stop();
    const burst = at - this.last < BY_HAND_MS;
    this.last = at;
    if (burst) return;
    this.waiting = run;
    this.timer = setTimeout(() => this.flush(), BY_HAND_MS);
  }

  /** What waits for the hand to rest runs now: another key has come that no scanner types. */
  flush(): void {
    const run = this.waiting;
    this.stop();
    run?.();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting = null;
  }
}

/** A handler of `keydown`: keys with a name at once, characters if they were typed by hand. */
export function useKeys(keys: Keys): (event: KeyboardEvent) => void {
  const hand = useRef(new ByHand());
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => () => hand.current.stop(), []);
  return event => {
    if (isTyping(event.target) || event.altKey) return;
    const name = keyName(event);
    if (name.length === 1) {
      hand.current.press(event.timeStamp, () => now.current[name]?.());
      return;
    }
    const run = now.current[name];
    if (!run) return;
    event.preventDefault();
    hand.current.flush();
    run();
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
