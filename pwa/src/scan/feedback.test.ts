import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settings } from "../settings";
import { feedback, flash } from "./feedback";

const vibrate = vi.fn((_pattern: number | number[]) => true);

beforeEach(() => {
  Object.defineProperty(navigator, "vibrate", { value: vibrate, configurable: true });
  settings.vibration.value = true;
});
afterEach(() => vibrate.mockClear());

test("right, wrong and done feel different", () => {
  for (const outcome of ["right", "wrong", "done"] as const) feedback(outcome);
  const patterns = vibrate.mock.calls.map(call => JSON.stringify(call[0]));
  expect(new Set(patterns).size).toBe(3);
});

test("vibration can be switched off and the sight of the outcome stays", () => {
  settings.vibration.value = false;
  feedback("wrong");
  expect(vibrate).not.toHaveBeenCalled();
  expect(flash.value?.outcome).toBe("wrong");
});

test("the same outcome twice is seen twice", () => {
  feedback("right");
  const first = flash.value;
  feedback("right");
  expect(flash.value).not.toEqual(first);
});

test("a choice is kept on the device", () => {
  settings.sounds.value = false;
  expect(localStorage.getItem("dockhand.sounds")).toBe("false");
  settings.sounds.value = true;
  expect(localStorage.getItem("dockhand.sounds")).toBe("true");
});
