// @vitest-environment node
import { expect, test } from "vitest";
import css from "./styles/tokens.css?raw";

type Tokens = Record<string, string>;

const read = (text: string): Tokens =>
  Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(m => [m[1], m[2]]));

const [lightText = "", darkText = ""] = css.split("@media (prefers-color-scheme: dark)");
const light = read(lightText);
const themes = { light, dark: { ...light, ...read(darkText) } };

/** Relative luminance by WCAG 2.2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map(start => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(tokens: Tokens, ink: string, ground: string): number {
  const [dark = 0, bright = 0] = [tokens[ink], tokens[ground]]
    .map(colour => luminance(colour ?? ""))
    .sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const TEXT: [ink: string, ground: string][] = [
  ...["page", "surface", "sunken", "accent-soft"].flatMap<[string, string]>(ground => [
    ["text", ground],
    ["text-soft", ground],
  ]),
  ...["bar", "accent", "accent-soft", "right", "right-soft", "warn", "warn-soft", "wrong"].map<
    [string, string]
  >(ground => [`${ground}-text`, ground]),
  ["wrong-soft-text", "wrong-soft"],
  ["wrong-soft-text", "surface"],
  ["wrong-soft-text", "page"],
  ["right-soft-text", "surface"],
  ["stop-text", "stop"],
  ["stop-button-text", "stop-button"],
  ["accent", "surface"],
];

for (const [name, tokens] of Object.entries(themes)) {
  test.each(TEXT)(`${name}: %s on %s has a contrast of 7:1 or more`, (ink, ground) => {
    expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(7);
  });

  test.each(["page", "surface", "sunken"])(`${name}: edges and focus stand out on %s`, ground => {
    for (const line of ["edge", "focus"])
      expect([line, contrast(tokens, line, ground) >= 3]).toEqual([line, true]);
  });
}

test("contrast is that of WCAG", () => {
  expect(contrast({ a: "#000000", b: "#ffffff" }, "a", "b")).toBe(21);
  expect(contrast({ a: "#777777", b: "#ffffff" }, "a", "b")).toBeCloseTo(4.48, 2);
});
