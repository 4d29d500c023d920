import { beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n";
import type { Shown, Worth } from "./types";
import {
  chartWords,
  formulaOf,
  isMet,
  madeOf,
  memberWords,
  nameOf,
  periodWords,
  pricedIn,
  targetWords,
  underValue,
  untoldWords,
  valueWords,
} from "./words";

beforeEach(() => chooseLanguage("en"));

const KEYS = [
  ..."delivered cycle completion on_time accuracy errors pick_rate saved".split(" "),
  ..."problems returns cancelled received minutes cost margin".split(" "),
];

function worth(value: number | null, top = 9, bottom = 10): Worth {
  return { value, top, bottom };
}

function figure(key: string, whole: Worth, target: number | null, series: Worth[] = []): Shown {
  return { key, whole, target, series, median: null, most: null, lacks: [] };
}

test("every figure has a name and a formula in every language", async () => {
  for (const language of ["en", "zh-Hans", "zh-Hant"] as const) {
    await chooseLanguage(language);
    for (const key of KEYS) {
      expect(nameOf(key)).not.toContain("insight.");
      expect(formulaOf(key)).not.toContain("insight.");
    }
  }
});

test("a value has its unit, and what cannot be divided is a dash", () => {
  expect(valueWords("on_time", 94.26)).toBe("94.3 %");
  expect(valueWords("errors", 0.456)).toBe("0.46 %");
  expect(valueWords("cycle", 15.55)).toBe("15.6 h");
  expect(valueWords("pick_rate", 182)).toBe("182 an hour");
  expect(valueWords("delivered", 1234)).toBe("1,234");
  expect(valueWords("on_time", null)).toBe("–");
});

test("a target is met from its own side, and said in words", () => {
  expect(isMet(figure("on_time", worth(95), 95))).toBe(true);
  expect(isMet(figure("on_time", worth(94.9), 95))).toBe(false);
  expect(isMet(figure("errors", worth(1), 1))).toBe(true);
  expect(isMet(figure("errors", worth(1.1), 1))).toBe(false);
  expect(isMet(figure("on_time", worth(null), 95))).toBeUndefined();
  expect(isMet(figure("returns", worth(3), null))).toBeUndefined();
  expect(targetWords(figure("cycle", worth(80), 72))).toBe("Target: at most 72 h · missed");
  expect(targetWords(figure("on_time", worth(96), 95))).toBe("Target: at least 95 % · met");
  expect(targetWords(figure("returns", worth(3), null))).toBeUndefined();
});

test("what a figure is made of is counted in its own things", () => {
  expect(madeOf("on_time", worth(90))).toBe("9 of 10");
  expect(madeOf("delivered", worth(1, 1, 0))).toBe("1 order");
  expect(madeOf("pick_rate", worth(2, 2, 100))).toBe("2 lines");
  expect(madeOf("saved", worth(2, 7_560, 9_000))).toBe("756 m");
});

test("members are told by name, or by what their code means", () => {
  expect(memberWords("person", "p1", "Nia Brandt")).toBe("Nia Brandt");
  expect(memberWords("carrier", "own")).toBe("Own vans");
  expect(memberWords("carrier", "Blue Post")).toBe("Blue Post");
  expect(memberWords("reason", "by_channel")).toBe("By the channel");
  expect(memberWords("reason", "bought twice")).toBe("bought twice");
});

test("a chart says the whole, its lowest and its highest period", () => {
  const series = [worth(90), worth(null), worth(97.5)];
  const shown = figure("on_time", worth(95), 95, series);
  const starts = ["2026-01-05", "2026-01-12", "2026-01-19"];
  expect(chartWords(shown, starts, "week")).toBe(
    "On time: 95 % over all these days. Lowest: 90 % (Week of Jan 5). Highest: 97.5 % (Week of Jan 19).",
  );
  expect(chartWords(figure("on_time", worth(null), 95), [], "day")).toBe(
    "On time: – over all these days.",
  );
  expect(periodWords("2026-01-01", "month")).toBe("Jan 2026");
});

test("money has the currency of the site, and without one it is said what is missing", () => {
  pricedIn.value = "GBP";
  expect(valueWords("cost", 412.6)).toBe("£4.13");
  expect(madeOf("margin", worth(45, 4_500, 10_000))).toBe("£45.00 of £100.00");
  expect(valueWords("minutes", 4.256)).toBe("4.26 min");
  pricedIn.value = "";
  expect(underValue(figure("cost", worth(null), null))).toContain("No prices yet");
  expect(underValue(figure("minutes", worth(4), null))).toBe("10 orders");
});

test("a figure says which filters it does not know", () => {
  expect(untoldWords({ ...figure("on_time", worth(null), 95), lacks: ["zone"] })).toBe(
    "Not known by Zone",
  );
  expect(
    untoldWords({ ...figure("returns", worth(null), null), lacks: ["carrier", "reason"] }),
  ).toBe("Not known by Carrier + Reason together");
});
