// @vitest-environment node
import { expect, test } from "vitest";
import { heard } from "./heard";

const digits = (text: string) => ({ kind: "digits", digits: text });

test.each([
  ["47", "47"],
  ["4 7", "47"],
  ["four seven", "47"],
  ["Four, seven.", "47"],
  ["forty seven", "47"],
  ["forty-seven", "47"],
  ["for seven", "47"],
  ["oh eight", "08"],
  ["zero 8", "08"],
  ["nine oh", "90"],
  ["ninety", "90"],
  ["seventeen", "17"],
  ["to ate", "28"],
])("English %s is %s", (said, meant) => {
  expect(heard([said], "en")).toEqual(digits(meant));
});

test.each([
  ["47", "47"],
  ["四七", "47"],
  ["四 七。", "47"],
  ["四十七", "47"],
  ["四十", "40"],
  ["十七", "17"],
  ["十", "10"],
  ["洞八", "08"],
  ["幺两", "12"],
  ["零零", "00"],
  ["4十7", "47"],
])("Chinese %s is %s", (said, meant) => {
  expect(heard([said], "zh-Hans")).toEqual(digits(meant));
  expect(heard([said], "zh-Hant")).toEqual(digits(meant));
});

test.each([
  "",
  "4",
  "472",
  "four",
  "four seven two",
  "forty seventy",
  "twenty zero",
  "twenty ten",
  "bring me forty seven boxes",
  "四",
  "四七二",
  "给我四十七个",
  "一十七十",
])("talk in the hall is nothing for us: %s", said => {
  expect(heard([said], "en")).toBeNull();
  expect(heard([said], "zh-Hans")).toBeNull();
});

test("of several guesses the first that means something counts", () => {
  expect(heard(["for heaven", "four seven", "four eleven"], "en")).toEqual(digits("47"));
});

test("the instruction is asked for once more", () => {
  expect(heard(["Repeat."], "en")).toEqual({ kind: "again" });
  expect(heard(["重复"], "zh-Hans")).toEqual({ kind: "again" });
  expect(heard(["再說一次"], "zh-Hant")).toEqual({ kind: "again" });
});
