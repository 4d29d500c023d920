import { afterEach, expect, test } from "vitest";
import { language } from "../../i18n/language";
import { wordsReady } from "../../i18n/words";
import { problemWords } from "./words";

afterEach(() => {
  language.value = "en";
});

test("a problem is told without the places that only a refusal fills", async () => {
  expect(problemWords("no_carrier_fits")).toBe("No carrier can take it.");
  expect(problemWords("pallet_has_others")).toMatch(
    /^Cartons on this pallet are not of your run\. /,
  );
  language.value = "zh-Hans";
  await wordsReady();
  expect(problemWords("no_carrier_fits")).toBe("没有承运商可以接。");
});
