import { expect, test } from "vitest";
import { characterOf, Gatherer, type WedgeOptions } from "./wedge";
import { isWhole } from "./whole";

const EAN = "9506000134352";

function gather(options: WedgeOptions = {}) {
  const emitted: string[] = [];
  const fragments: string[] = [];
  const gatherer = new Gatherer(raw => emitted.push(raw), {
    isWhole,
    onFragment: raw => fragments.push(raw),
    ...options,
  });
  let at = 0;
  const type = (text: string, gap: number) => {
    for (const character of text) {
      at += gap;
      gatherer.add(character, at);
    }
  };
  const rest = (ms: number) => {
    at += ms;
    gatherer.idle(at);
  };
  return { emitted, fragments, gatherer, type, rest };
}

test("a terminator ends a scan", () => {
  const { emitted, gatherer, type } = gather();
  type(EAN, 5);
  expect(gatherer.terminate()).toBe(true);
  expect(emitted).toEqual([EAN]);
});

test("a lone terminator keeps its usual meaning", () => {
  const { emitted, gatherer, type } = gather();
  expect(gatherer.terminate()).toBe(false);
  type("j", 5);
  expect(gatherer.terminate()).toBe(false);
  expect(emitted).toEqual([]);
});

test("a scanner with a second between characters is not cut into fragments", () => {
  const { emitted, gatherer, type, rest } = gather();
  for (const character of EAN) {
    type(character, 1);
    rest(999);
  }
  gatherer.terminate();
  expect(emitted).toEqual([EAN]);
});

test("a stall in the middle of a code loses nothing", () => {
  const { emitted, gatherer, type } = gather();
  type("95060", 5);
  type("0", 700);
  type("0134352", 5);
  gatherer.terminate();
  expect(emitted).toEqual([EAN]);
});

test("a scanner without a terminator is ended by a pause when its check digit is right", () => {
  const { emitted, type, rest } = gather();
  type(EAN, 5);
  rest(299);
  expect(emitted).toEqual([]);
  rest(1);
  expect(emitted).toEqual([EAN]);
});

test("a pause never acts on a fragment, even one with a right check digit", () => {
  const { emitted, fragments, gatherer, type, rest } = gather();
  type(EAN, 5);
  gatherer.terminate();
  const twelveWithCheckDigit = "036000291452";
  type(twelveWithCheckDigit, 5);
  rest(400);
  type("7", 1);
  gatherer.terminate();
  expect(emitted).toEqual([EAN, `${twelveWithCheckDigit}7`]);
  type("950600013", 5);
  rest(1600);
  expect(emitted).toHaveLength(2);
  expect(fragments).toEqual(["950600013"]);
});

test("a key pressed long before a scan is not part of it and no fragment", () => {
  const { emitted, fragments, gatherer, type } = gather();
  type("x", 1);
  type("A-03-02", 1);
  gatherer.terminate();
  type("x", 1);
  type("B", 2000);
  type("-07-01", 5);
  gatherer.terminate();
  expect(emitted).toEqual(["xA-03-02", "B-07-01"]);
  expect(fragments).toEqual([]);
});

test("a configured suffix ends a scan and is not part of it", () => {
  const { emitted, type } = gather({ suffix: "~" });
  type(`${EAN}~BIN-1~`, 5);
  expect(emitted).toEqual([EAN, "BIN-1"]);
});

test("with the suffix set to none a pause ends any code, but not that of a slow scanner", () => {
  const { emitted, type, rest } = gather({ suffix: "pause" });
  type("A-03-02", 20);
  rest(300);
  expect(emitted).toEqual(["A-03-02"]);
  type("A-03", 200);
  rest(500);
  expect(emitted).toHaveLength(1);
});

test("a substitute for GS becomes GS and a symbology prefix stays", () => {
  const { emitted, gatherer, type } = gather({ gsSubstitute: "^" });
  type("]d201095060001343521012^21XYZ", 5);
  gatherer.terminate();
  expect(emitted).toEqual(["]d201095060001343521012\x1d21XYZ"]);
});

const key = (init: KeyboardEventInit & { keyCode?: number }) => new KeyboardEvent("keydown", init);

test("GS arrives as Control+], as a raw control key and by its key code", () => {
  expect(characterOf(key({ key: "]", ctrlKey: true }), false)).toBe("\x1d");
  expect(characterOf(key({ key: "\x1d" }), false)).toBe("\x1d");
  expect(characterOf(key({ key: "Unidentified", keyCode: 29 }), false)).toBe("\x1d");
  expect(characterOf(key({ key: "]" }), false)).toBe("]");
});

test("Control+M ends a scan, and a shortcut outside a scan is left alone", () => {
  expect(characterOf(key({ key: "m", ctrlKey: true }), false)).toBe("terminator");
  expect(characterOf(key({ key: "^", ctrlKey: true }), false)).toBe("\x1e");
  expect(characterOf(key({ key: "f", ctrlKey: true }), true)).toBeNull();
  expect(characterOf(key({ key: "c", metaKey: true }), false)).toBeNull();
});

test("only a code with its own check digit is surely whole", () => {
  for (const good of [EAN, `]E0${EAN}`, "036000291452", "106141411234567897"])
    expect([good, isWhole(good, 2026)]).toEqual([good, true]);
  for (const doubtful of ["9506000134353", "950600013", "A-03-02", "LOT12", ""])
    expect([doubtful, isWhole(doubtful, 2026)]).toEqual([doubtful, false]);
});
