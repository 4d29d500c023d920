// @vitest-environment node
import { expect, test } from "vitest";
import { resolve } from "../../scan/resolve";
import { type Form, nextStep, type Outcome, readScan, type Said, stepBack } from "./adhoc";

const GTIN = "04006381333931";

function came(raw: string, typed = false) {
  return { scan: resolve(raw, { year: 2026 }), raw, typed, today: "2026-05-01" };
}

function all(form: Form, ...raws: string[]): { said: Said; last: Outcome | undefined } {
  let said: Said = {};
  let last: Outcome | undefined;
  for (const raw of raws) {
    const step = nextStep(form, said);
    if (!step) break;
    last = readScan(step, said, came(raw));
    if (last.kind === "said") said = last.said;
  }
  return { said, last };
}

test("a transfer asks for the source, the item, how many and the destination", () => {
  const { said } = all("transfer", "L-A01-1-1", "4006381333931");
  expect(said).toMatchObject({ from: "A01-1-1", gtin: GTIN });
  expect(nextStep("transfer", said)).toBe("qty");
  expect(nextStep("transfer", { ...said, qty: 3 })).toBe("to");
  expect(nextStep("transfer", { ...said, qty: 3, to: "A02-1-1" })).toBeUndefined();
});

test("a place must be a place, and another one than the source", () => {
  expect(all("transfer", "4006381333931").last).toMatchObject({ why: "not_a_place" });
  const said = { from: "A01-1-1", code: "c", qty: 1 };
  expect(readScan("to", said, came("L-A01-1-1"))).toMatchObject({ why: "same_place" });
  expect(readScan("to", said, came("a02-1-1", true))).toMatchObject({ said: { to: "A02-1-1" } });
});

test("a label that says lot and expiry answers those questions of a receipt", () => {
  const { said } = all("receive", "L-DOCK", `]d201${GTIN}1727033110B7`);
  expect(said).toMatchObject({ to: "DOCK", lot: "B7", expiry: "2027-03-31" });
  expect(nextStep("receive", said)).toBe("qty");
});

test("goods without a lot are not asked for their expiry", () => {
  const { said } = all("receive", "L-DOCK", "4006381333931");
  expect(nextStep("receive", said)).toBe("lot");
  expect(nextStep("receive", { ...said, lot: "" })).toBe("qty");
  expect(nextStep("receive", { ...said, lot: "B7" })).toBe("expiry");
});

test("an expiry that is no date stops", () => {
  const said = { to: "DOCK", code: "c", lot: "B7" };
  expect(readScan("expiry", said, came("soon"))).toMatchObject({ why: "expiry_missing" });
  expect(readScan("expiry", said, came("270331"))).toMatchObject({
    said: { expiry: "2027-03-31" },
  });
});

test("a place label is no item, and a number is typed, not scanned", () => {
  expect(all("transfer", "L-A01-1-1", "L-A01-2-1").last).toMatchObject({ why: "not_an_item" });
  expect(readScan("qty", {}, came("4006381333931"))).toMatchObject({ why: "type_it" });
});

test("a step back takes the last answer, with what its label said", () => {
  const { said } = all("receive", "L-DOCK", `]d201${GTIN}1727033110B7`);
  expect(stepBack("receive", { ...said, qty: 2 })).toEqual(said);
  expect(nextStep("receive", stepBack("receive", said))).toBe("expiry");
  expect(stepBack("transfer", { from: "A", code: "c", lot: "B7" })).toEqual({ from: "A" });
  expect(stepBack("transfer", {})).toEqual({});
});
