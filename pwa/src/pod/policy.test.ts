// @vitest-environment node
import pins from "@vectors/pin.json";
import vectors from "@vectors/policy.json";
import { describe, expect, it, test } from "vitest";
import { en } from "../i18n/en";
import { pinFits, stretched } from "./pin";
import {
  asked,
  type Clause,
  lacking,
  type Method,
  type Outcome,
  type Policy,
  RELAXED,
} from "./policy";

describe("what is asked for", () => {
  test.each(vectors.asked)("$rule", ({ clauses, outcome, reasons, ask }) => {
    expect(asked(clauses as unknown as Clause[], outcome as Outcome, reasons)).toEqual(ask);
  });
});

describe("what lacks", () => {
  test.each(vectors.lacking)("$rule", ({ ask, done, missing }) => {
    expect(lacking(ask as unknown as Policy, done as Method[])).toEqual(missing);
  });
});

describe("a PIN", () => {
  test.each(pins)("$pin is stretched as the server does it", async vector => {
    const { pin, salt, rounds, hash } = vector;
    expect(await stretched(pin, salt, rounds)).toBe(hash);
    expect(await pinFits(pin, { salt, rounds, hash })).toBe(true);
    expect(await pinFits(`${pin}0`, { salt, rounds, hash })).toBe(false);
  });
});

it("has words for every reason to leave something out", () => {
  for (const reason of Object.values(RELAXED).flat())
    expect(en.driver[`relaxed_${reason}`]).toBeTruthy();
});
