import { afterEach, expect, test } from "vitest";
import { chooseLanguage, LANGUAGES, type Language } from "../../i18n";
import type { MoveLine, Position as MovePosition } from "../stock/mover";
import { spokenCount, spokenMove, spokenMoveStop } from "../stock/spoken";
import { spokenStep, spokenStop } from "./spoken";
import type { Line, Position, Step } from "./walk";

afterEach(() => chooseLanguage("en"));

const line = {
  bin: "A03-12-2",
  side: "R",
  level: 2,
  name: "Mug",
  qty: 4,
  lot: "L7",
  weight_class: "heavy",
} as unknown as Line;
const at = (step: Step, counted = 0): Position => ({ no: 1, step, counted, code: "" });

const move = { from_bin: "A03-12-2", to_bin: "B01-01-1", name: "Mug", qty: 4, moved: 1, lot: "" };
const moving = move as unknown as MoveLine;
const moved = (step: MovePosition["step"], qty = 0): MovePosition => ({
  no: 1,
  before: 0,
  step,
  qty,
  code: "",
});

test("a picker hears where, what and how many, codes spelled out", () => {
  expect(spokenStep(line, at("where"), false)).toBe("Go to A 0 3, 1 2, 2. Right side, level 2.");
  expect(spokenStep(line, at("what"), false)).toBe(
    "Pick 4, Mug. Lot L 7. Heavy: place at the bottom",
  );
  expect(spokenStep(line, at("quantity", 1), false)).toBe("3 more.");
});

test("check digits are asked for only where they are listened for", () => {
  expect(spokenStep(line, at("where"), true)).toMatch(/Say the check digits\.$/);
  expect(spokenMove(moving, moved("from"), true)).toMatch(/Say the check digits\.$/);
  expect(spokenCount("A1", false, [], true)).toMatch(/Say the check digits\.$/);
  expect(spokenMove({ ...moving, to_bin: "" }, moved("to", 3), true)).not.toContain("digits");
});

test("a wrong place says where to go, spelled", () => {
  const stop = { why: "location", scanned: "A1" } as const;
  expect(spokenStop(line, stop)).toBe("Wrong location. Go to A 0 3, 1 2, 2.");
  expect(spokenStop(line, { why: "item", scanned: "x" })).toBeUndefined();
  expect(spokenMoveStop(moving, { why: "from", scanned: "x" })).toContain("A 0 3, 1 2, 2");
});

test("a mover hears from where, how many, and to where", () => {
  expect(spokenMove(moving, moved("from"), false)).toBe("Go to A 0 3, 1 2, 2.");
  expect(spokenMove(moving, moved("item"), false)).toBe("Take 3, Mug.");
  expect(spokenMove(moving, moved("quantity", 1), false)).toBe("2 more.");
  expect(spokenMove(moving, moved("to", 3), false)).toBe("Bring 3 to B 0 1, 0 1, 1.");
});

test.each(Object.keys(LANGUAGES) as Language[])("no step is silent or unfilled in %s", tongue => {
  chooseLanguage(tongue);
  const steps: Step[] = ["where", "what", "lot", "expiry", "serial", "quantity"];
  const moves: MovePosition["step"][] = ["from", "item", "lot", "quantity", "to"];
  const said = [
    ...steps.flatMap(step => [
      spokenStep(line, at(step), true),
      spokenStep(line, at(step, 1), false),
    ]),
    ...moves.map(step => spokenMove(moving, moved(step, 1), true)),
    spokenMove({ ...moving, to_bin: "" }, moved("to", 1), true),
    spokenCount("A1", false, [], true),
    spokenCount("A1", true, [], true),
  ];
  for (const text of said) expect(text).toMatch(/^[^{}]{4,}$/);
});
