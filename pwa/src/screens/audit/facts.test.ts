import { beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n";
import { label, valueWords } from "./facts";
import type { Fact } from "./types";

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

test("what one may not see is said to be there", () => {
  expect(valueWords(fact("phone", null, "personal"))).toBe("Hidden: for administrators");
  expect(valueWords(fact("salt", null, "secret"))).toBe("Hidden: a secret");
});
