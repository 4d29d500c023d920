import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ByHand, keyName, useKeys } from "./keys";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function List({ did }: { did: (what: string) => void }) {
  const keys = useKeys({
    a: () => did("assign"),
    ArrowDown: () => did("down"),
    "Shift+ArrowDown": () => did("extend"),
    "Control+a": () => did("all"),
    "?": () => did("help"),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: as the list does.
    <div onKeyDown={keys}>
      <input type="checkbox" aria-label="row" />
      <input type="text" aria-label="text" />
    </div>
  );
}

function press(label: string, ...keys: (Partial<KeyboardEvent> & { key: string })[]) {
  for (const key of keys) fireEvent.keyDown(screen.getByLabelText(label), key);
}

test("keys with a name act at once, characters when the hand has rested", () => {
  const did: string[] = [];
  render(<List did={what => did.push(what)} />);
  press("row", { key: "ArrowDown" }, { key: "ArrowDown", shiftKey: true });
  press("row", { key: "a", ctrlKey: true });
  expect(did).toEqual(["down", "extend", "all"]);
  press("row", { key: "?", shiftKey: true });
  vi.advanceTimersByTime(200);
  expect(did.at(-1)).toBe("help");
});

test("a key with a name lets what waits go first", () => {
  const did: string[] = [];
  render(<List did={what => did.push(what)} />);
  press("row", { key: "A" }, { key: "ArrowDown" });
  expect(did).toEqual(["assign", "down"]);
});

test("what is typed into a field is no command", () => {
  const did: string[] = [];
  render(<List did={what => did.push(what)} />);
  press("text", { key: "a" }, { key: "ArrowDown" });
  vi.advanceTimersByTime(200);
  expect(did).toEqual([]);
});

test("a scanner's burst does nothing, whatever its last character is", () => {
  const hand = new ByHand();
  const run = vi.fn();
  for (const at of [0, 20, 45, 140]) hand.press(at, run);
  vi.advanceTimersByTime(1_000);
  expect(run).not.toHaveBeenCalled();
  hand.press(2_000, run);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledOnce();
});

test("a name says what was held beside the key", () => {
  const named = (init: KeyboardEventInit) => keyName(new KeyboardEvent("keydown", init));
  expect(named({ key: "A", shiftKey: true })).toBe("a");
  expect(named({ key: "ArrowUp", shiftKey: true })).toBe("Shift+ArrowUp");
  expect(named({ key: "a", metaKey: true })).toBe("Control+a");
});
