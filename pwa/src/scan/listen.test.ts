import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CATCHER, listenForScans, OWN_KEYS } from "./listen";

let scans: string[];
let stop: () => void;

beforeEach(() => {
  scans = [];
  stop = listenForScans(raw => scans.push(raw), {});
  document.body.replaceChildren();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

function press(target: EventTarget, key: string, init: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  return target.dispatchEvent(event);
}

function put<K extends keyof HTMLElementTagNameMap>(tag: K): HTMLElementTagNameMap[K] {
  return document.body.appendChild(document.createElement(tag));
}

test("a scan is taken with no field focused", () => {
  for (const character of "A-03-02") press(document.body, character);
  press(document.body, "Enter");
  expect(scans).toEqual(["A-03-02"]);
});

test("the Enter of a scan does not press the focused button, a lone Enter does", () => {
  const button = put("button");
  for (const character of "A-03-02") press(button, character);
  expect(press(button, "Enter")).toBe(false);
  expect(press(button, "Enter")).toBe(true);
});

function release(target: EventTarget, key: string): boolean {
  return target.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, cancelable: true }));
}

test("a lone space presses the focused button, one within a scan does not", () => {
  const button = put("button");
  expect(press(button, " ")).toBe(true);
  expect(release(button, " ")).toBe(true);
  press(button, "Escape");
  for (const character of "A 1") {
    press(button, character);
    expect(release(button, character)).toBe(character !== " ");
  }
});

test("keys are left to a part of a screen that has keys of its own", () => {
  const list = put("div");
  list.setAttribute(OWN_KEYS, "");
  const button = list.appendChild(document.createElement("button"));
  for (const character of "xat") expect(press(button, character)).toBe(true);
  expect(press(button, "Enter")).toBe(true);
  expect(scans).toEqual([]);
});

test("keys typed into a text field stay there", () => {
  for (const tag of ["input", "textarea"] as const) {
    const field = put(tag);
    for (const character of "A-03-02") expect(press(field, character)).toBe(true);
    expect(press(field, "Enter")).toBe(true);
  }
  expect(scans).toEqual([]);
});

test("Alt and the decimal code give GS", () => {
  for (const character of "10AB") press(document.body, character);
  for (const digit of "029") press(document.body, digit, { altKey: true });
  document.body.dispatchEvent(new KeyboardEvent("keyup", { key: "Alt", bubbles: true }));
  for (const character of "21X") press(document.body, character);
  press(document.body, "Enter");
  expect(scans).toEqual(["10AB\x1d21X"]);
});

test("text that an input method hands to the catcher is a scan, GS and all", () => {
  const catcher = put("input");
  catcher.setAttribute(CATCHER, "");
  catcher.dispatchEvent(
    new InputEvent("beforeinput", {
      data: "]d2010950600013435210A\x1d21B\n",
      inputType: "insertText",
      bubbles: true,
      cancelable: true,
    }),
  );
  expect(scans).toEqual(["]d2010950600013435210A\x1d21B"]);
});

test("composed text is taken out of the catcher and ended by Enter", () => {
  const catcher = put("input");
  catcher.setAttribute(CATCHER, "");
  catcher.value = "9506000134352";
  catcher.dispatchEvent(new Event("input", { bubbles: true }));
  expect(catcher.value).toBe("");
  press(catcher, "Enter");
  expect(scans).toEqual(["9506000134352"]);
});
