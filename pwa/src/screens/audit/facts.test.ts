import { beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n";
import { label, valueWords } from "./facts";
import type { AuditEntry, Fact } from "./types";
import { deviceWord, firstWords, whyWord } from "./words";

beforeEach(() => chooseLanguage("en"));

const fact = (path: string, value: Fact["value"], hidden: Fact["hidden"] = ""): Fact => ({
  path,
  value,
  hidden,
});

test("a field is called by its word, with its place in the list", () => {
  expect(label("lines.2.sku")).toBe("Lines 2 · Item");
  expect(label("ship_to.city")).toBe("Ship to · City");
  expect(label("nobody_named_it")).toBe("Nobody named it");
});

test("a value reads as people say it", () => {
  expect(valueWords(fact("reason", "damaged"))).toBe("damaged");
  expect(valueWords(fact("reason", "Moved house"))).toBe("Moved house");
  expect(valueWords(fact("vip", true))).toBe("Yes");
  expect(valueWords(fact("qty", 1200))).toBe("1,200");
  expect(valueWords(fact("placed_at", 1_700_000_000_000))).toMatch(/Nov.* 2023/);
});

test("a code stands as the word that its screen has for it", () => {
  expect(valueWords(fact("state", "out_for_delivery"))).toBe("Out for delivery");
  expect(valueWords(fact("before", "packed"))).toBe("Packed");
  expect(valueWords(fact("role", "driver"))).toBe("Driver");
  expect(valueWords(fact("lines.1.reasons.2", "damaged"))).toBe("damaged");
  expect(valueWords(fact("cause", "slip"))).toBe("Human slip");
  expect(valueWords(fact("operation", "picking.confirm_pick"))).toBe("Pick");
  expect(valueWords(fact("code", "not_allowed"))).not.toBe("not_allowed");
  expect(valueWords(fact("code", "4006381333931"))).toBe("4006381333931");
  expect(valueWords(fact("what", "rma_issued"))).toBe("Return issued");
  expect(valueWords(fact("sku", "picked"))).toBe("picked");
  expect(valueWords(fact("lang", "zh-Hant"))).toBe("繁體中文");
  expect(valueWords(fact("outcome", "refused"))).toBe("Refused");
  expect(valueWords(fact("outcome", "refused"), "store.operation_set_aside")).toBe("Not done");
  expect(label("code", "not_allowed")).toBe("Why not");
  expect(label("code", "4006381333931")).toBe("Scanned");
});

test("who and why stand in words, whoever said it", () => {
  const said = (more: Partial<AuditEntry>) =>
    ({ device: "sys:main:self-check", device_name: null, person: null, ...more }) as AuditEntry;
  expect(deviceWord(said({}))).toBe("Self-check");
  expect(deviceWord(said({ device: "sys:main:new-part" }))).toBe("new-part");
  expect(deviceWord(said({ device: "d1", device_name: "Dock 1" }))).toBe("Dock 1");
  expect(whyWord(said({ why: "wrong_item" }))).toBe("wrong item in the bin");
  expect(whyWord(said({ why: "Moved house" }))).toBe("Moved house");
  expect(firstWords("row_was_sealed: main, version 7, op")).toBe(
    "a row was put in: main, version 7, op",
  );
});

test("what one may not see is said to be there", () => {
  expect(valueWords(fact("phone", null, "personal"))).toBe("Hidden: for administrators");
  expect(valueWords(fact("salt", null, "secret"))).toBe("Hidden: a secret");
});
