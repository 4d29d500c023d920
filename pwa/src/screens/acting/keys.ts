/** Single keys that do something, in a list that has the focus. */
import { useEffect, useRef } from "preact/hooks";

/** A scanner types faster than any hand (ms between characters): what it types is no command. */
const BY_HAND_MS = 40;

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
  private last = Number.NEGATIVE_INFINITY;

  press(at: number, run: () => void): void {
    clearTimeout(this.timer);
    const burst = at - this.last < BY_HAND_MS;
    this.last = at;
    if (!burst) this.timer = setTimeout(run, BY_HAND_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
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
    run();
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
