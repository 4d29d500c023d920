import { beforeEach, describe, expect, test } from "vitest";
import { catalogues } from "./catalogues";
import { chooseLanguage, explain, formatDuration, formatTime, hasText, language, t } from "./index";
import { nearest } from "./language";
import { fill, paramNames } from "./message";

const sources = import.meta.glob<string>(["../screens/**/*.tsx", "../ui/**/*.tsx", "../app.tsx"], {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Words between tags, or in an attribute that is read aloud or shown, that no catalogue holds. */
function literalText(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const nodes = [...code.matchAll(/<[A-Za-z][^<>]*[^=<>]>([^<>{}();=]*\p{L}{2}[^<>{}();=]*)<\//gu)];
  const attributes = [
    ...code.matchAll(/\b(?:aria-label|title|placeholder|alt)="([^"]*\p{L}{2}[^"]*)"/gu),
  ];
  return [...nodes, ...attributes].map(match => (match[1] ?? "").trim());
}

describe("catalogues", () => {
  for (const other of ["zh-Hans", "zh-Hant"] as const) {
    for (const [area, english] of Object.entries(catalogues.en)) {
      const words: Record<string, string> = catalogues[other][area as keyof typeof catalogues.en];
      test(`${other} ${area} has the keys of English, each with the same parameters`, () => {
        expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
        for (const [key, message] of Object.entries(english)) {
          expect([key, paramNames(words[key] ?? "")]).toEqual([key, paramNames(message)]);
        }
      });
    }
  }
});

describe("literal text", () => {
  test("the check sees a text node and a spoken attribute", () => {
    expect(literalText('<p class="a">Pick it</p>')).toEqual(["Pick it"]);
    expect(literalText('<img alt="A box" />')).toEqual(["A box"]);
    expect(literalText("<p>{t('a.b')} · {n}</p>")).toEqual([]);
  });

  for (const [path, source] of Object.entries(sources)) {
    if (/gallery|\.test\./.test(path)) continue;
    test(`${path} takes all its words from the catalogues`, () => {
      expect(literalText(source)).toEqual([]);
    });
  }
});

describe("t", () => {
  beforeEach(() => chooseLanguage("en"));

  test("follows the chosen language and remembers it", () => {
    expect(t("common.save")).toBe("Save");
    chooseLanguage("zh-Hant");
    expect(t("common.save")).toBe("儲存");
    expect(localStorage.getItem("dockhand.language")).toBe("zh-Hant");
    expect(document.documentElement.lang).toBe("zh-Hant");
  });

  test("a plural takes the form of the language", () => {
    expect(fill("{n} {n:line|lines}", { n: 1 }, "en")).toBe("1 line");
    expect(fill("{n} {n:line|lines}", { n: 1200 }, "en")).toBe("1,200 lines");
    expect(fill("{n} 行", { n: 2 }, "zh-Hans")).toBe("2 行");
  });

  test("a missing parameter stays visible", () => {
    expect(fill("to {bin}", {}, "en")).toBe("to {bin}");
  });

  test("an unknown code is shown with what to do next", () => {
    expect(explain("brand_new_code")).toContain("brand_new_code");
    expect(explain("scan_unfinished")).toBe("The scan was cut off. Scan again.");
    expect(hasText("errors.brand_new_code")).toBe(false);
  });
});

test("the device's preferred language picks the nearest one on offer", () => {
  expect(nearest(["fr-FR", "zh-TW"])).toBe("zh-Hant");
  expect(nearest(["zh-CN"])).toBe("zh-Hans");
  expect(nearest(["zh-HK"])).toBe("zh-Hant");
  expect(nearest(["fr"])).toBe("en");
});

test("times and durations follow the language", () => {
  language.value = "en";
  expect(formatTime(new Date(2026, 0, 5, 14, 5))).toBe("14:05");
  expect(formatDuration(4 * 60_000 + 59_000)).toBe("4 min");
  language.value = "zh-Hans";
  expect(formatDuration(4 * 60_000)).toBe("4分钟");
});
