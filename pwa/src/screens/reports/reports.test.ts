import { beforeEach, expect, test } from "vitest";
import inFiles from "../../../../server/insights/reports/value_words.json";
import { chooseLanguage } from "../../i18n";
import { placeOf, queryOf, sourceOf, wantedOf } from "./address";
import { filled, heatOf, MOST_SERIES, seriesOf, slicesOf } from "./chart-data";
import { changed, comparesOf, draftOf, filterFor, formulaOf, raised, sortable } from "./draft";
import { linesOf } from "./lines";
import { wedge } from "./pie";
import { addressesOf, minuteOf, newPlan, planOf, sendingOf, timeOf, wantedIn } from "./schedule";
import { compared } from "./schedule-words";
import type {
  Cell,
  FieldOf,
  Kind,
  ReportTable,
  ScheduleOf,
  Sending,
  TableColumn,
  Wanted,
} from "./types";
import { usedWith } from "./used-with";
import { shown, words } from "./values";

beforeEach(() => chooseLanguage("en"));

const NOTHING: Wanted = { period: "", start: "", end: "", filters: [] };

function column(label: string, type: Kind, more: Partial<TableColumn> = {}): TableColumn {
  return { label, type, unit: "", words: "", is_group: false, ...more };
}

function table(columns: TableColumn[], rows: Cell[][]): ReportTable {
  return {
    columns,
    rows,
    more: false,
    chart: "",
    start: 0,
    end: 0,
    zone: "Asia/Shanghai",
    sums: [],
  };
}

test("the address of a report keeps its period and filters, colons and all", () => {
  const wanted: Wanted = {
    period: "",
    start: "2026-11-01",
    end: "2026-11-30",
    filters: [
      { field: "bin", op: "is", values: ["A:01"] },
      { field: "late", op: "not", values: ["1"] },
    ],
  };
  expect(wantedOf(queryOf(wanted))).toEqual(wanted);
  expect(placeOf("sales", NOTHING)).toBe("/reports/sales");
  expect(sourceOf("a/b", wanted, "pdf")).toContain("/api/reports/a%2Fb/file?start=2026-11-01");
});

test("a filter that somebody typed wrongly into the address is left out", () => {
  const query = new URLSearchParams("where=state&where=:is:x&where=state:is:");
  expect(wantedOf(query).filters).toEqual([{ field: "state", op: "is", values: [""] }]);
});

test("a cell is told in the reader's words and by the site's clock", () => {
  const zone = "Asia/Shanghai";
  const at = Date.UTC(2026, 10, 14, 22, 13);
  expect(shown(column("", "moment"), at, zone)).toContain("15, 2026");
  expect(shown(column("", "date"), "2026-11-14", zone)).toMatch(/14/);
  expect(shown(column("", "month"), "2026-03", zone)).toBe("March 2026");
  expect(shown(column("", "weekday"), 1, zone)).toBe("Mon");
  expect(shown(column("", "hour"), 6, zone)).toBe("06:00");
  expect(shown(column("", "flag"), 0, zone)).toBe("No");
  expect(shown(column("", "money"), 1234.5, zone)).toBe("1,234.50");
  expect(shown(column("", "text", { words: "state" }), "packed", zone)).toBe("Packed");
  expect(shown(column("", "text"), null, zone)).toBe("–");
});

test.each(["en", "zh-Hans", "zh-Hant"] as const)(
  "a file says what the screen says, in %s: run `python3 dev.py gen`",
  lang => {
    chooseLanguage(lang);
    const at = ["en", "zh-Hans", "zh-Hant"].indexOf(lang);
    for (const [group, values] of Object.entries(inFiles))
      for (const [code, said] of Object.entries(values))
        expect([group, code, words(group, code)]).toEqual([group, code, said[at]]);
  },
);

const GROUPED = table(
  [
    column("Carrier", "text", { is_group: true }),
    column("Country", "text", { is_group: true }),
    column("Parcels", "whole"),
  ],
  [
    ["Swift", "GB", 7],
    ["Swift", "DE", 2],
    ["Own", "GB", 1],
    ["Own", null, null],
  ],
);

test("the first group runs along, the others have a series each, the largest first", () => {
  expect(seriesOf(GROUPED)).toEqual({
    labels: ["Swift", "Own"],
    series: [
      { name: "GB", values: [7, 1] },
      { name: "DE", values: [2, null] },
      { name: "–", values: [null, null] },
    ],
  });
});

test("more series than can be told apart are left out, the smallest of them", () => {
  const rows = Array.from({ length: 9 }, (_, at) => ["Swift", `C${at}`, at] as Cell[]);
  const { series } = seriesOf(table([...GROUPED.columns], rows));
  expect(series.map(each => each.name)).toEqual(["C8", "C7", "C6", "C5", "C4", "C3"]);
  expect(series).toHaveLength(MOST_SERIES);
});

test("days on which nothing was have their place, and only days do", () => {
  expect(filled(["2026-03-28", "2026-03-31", null])).toEqual([
    "2026-03-28",
    "2026-03-29",
    "2026-03-30",
    "2026-03-31",
    null,
  ]);
  expect(filled(["2026-03-02", "2026-03-16"])).toEqual(["2026-03-02", "2026-03-09", "2026-03-16"]);
  expect(filled(["2026-03-31", "2026-03-28"])).toEqual(["2026-03-31", "2026-03-28"]);
  expect(filled(["2020-01-01", "2026-01-02"])).toHaveLength(2);
  expect(filled([])).toEqual([]);
  const days = [column("Day", "date", { is_group: true }), column("Orders", "whole")];
  const { labels, series } = seriesOf(
    table(days, [
      ["2026-03-28", 2],
      ["2026-03-30", 4],
    ]),
  );
  expect(labels).toHaveLength(3);
  expect(series).toEqual([{ name: "Orders", values: [2, null, 4] }]);
});

test("slices are parts of the whole, small ones are one", () => {
  const rows = Array.from({ length: 12 }, (_, at) => [`C${at}`, "x", 12 - at] as Cell[]);
  const slices = slicesOf(table([...GROUPED.columns], rows), "The rest");
  expect(slices).toHaveLength(9);
  expect(slices.at(-1)).toMatchObject({ label: "The rest", value: 4 + 3 + 2 + 1 });
  expect(slices.reduce((sum, slice) => sum + slice.share, 0)).toBeCloseTo(1);
});

test("a slice that is everything is a circle, and no path is without an end", () => {
  expect(wedge(0, 1)).toMatch(/^M0 -100A.*A.*Z$/);
  expect(wedge(0.25, 0.5)).toBe("M0 0L100 0A100 100 0 0 1 -100 0Z");
});

test("a heat map is in the order of days and hours, whatever that of the rows", () => {
  const columns = [
    column("Day", "weekday", { is_group: true }),
    column("Hour", "hour", { is_group: true }),
    column("Lines", "whole"),
  ];
  const heat = heatOf(
    table(columns, [
      [5, 14, 3],
      [1, 6, 9],
    ]),
  );
  expect(heat.rows).toEqual(["Mon", "Fri"]);
  expect(heat.columns).toEqual(["06:00", "14:00"]);
  expect(heat.cells).toEqual([
    [9, null],
    [null, 3],
  ]);
  expect(heat.most).toBe(9);
});

const LATE: FieldOf = {
  name: "late",
  label: "Late",
  about: "",
  type: "flag",
  unit: "",
  sees: "open",
  may: true,
  totals: ["sum"],
  parts: [""],
};

test("a field offers what it can be compared with", () => {
  expect(comparesOf(LATE)).toEqual(["is", "not"]);
  expect(comparesOf({ ...LATE, type: "moment" })).toContain("above");
  expect(comparesOf({ ...LATE, type: "text" })).toContain("contains");
  expect(filterFor(LATE)).toEqual({ field: "late", op: "is", values: ["1"] });
  expect(formulaOf("late", "sum")).toBe("sum(late)");
  expect(formulaOf("late", "")).toBe("late");
});

test("lists are changed without being changed", () => {
  expect(changed(["a", "b"], 1, "c")).toEqual(["a", "c"]);
  expect(changed(["a", "b"], 0, null)).toEqual(["b"]);
  expect(raised(["a", "b", "c"], 2)).toEqual(["a", "c", "b"]);
  expect(raised(["a"], 0)).toEqual(["a"]);
});

test("a sort by a column that is gone goes too", () => {
  const draft = draftOf({ dataset: "orders", columns: [{ formula: "number" }], sort: [{ by: 1 }] });
  expect(sortable(draft).sort).toEqual([]);
  expect(sortable({ ...draft, groups: [{ field: "state", part: "" }] }).sort).toHaveLength(1);
});

test("sub-totals go where their groups went", () => {
  const spec = { dataset: "orders", columns: [{ formula: "count()" }], subtotals: true };
  const draft = draftOf({ ...spec, groups: [{ field: "state" }] });
  expect(sortable(draft).subtotals).toBe(true);
  expect(sortable({ ...draft, groups: [] }).subtotals).toBe(false);
});

test("a sub-total stands after the last row of its group", () => {
  const rows = [["a"], ["b"]];
  const sums = [
    { after: 0, depth: 1, cells: ["a"] },
    { after: 1, depth: 1, cells: ["b"] },
    { after: 1, depth: 0, cells: [null] },
  ];
  expect(linesOf({ rows, sums }).map(line => [line.key, line.depth])).toEqual([
    ["0", undefined],
    ["0/1", 1],
    ["1", undefined],
    ["1/1", 1],
    ["1/0", 0],
  ]);
});

test("addresses are taken between whatever separates them, each once", () => {
  expect(addressesOf(" a@b.c, d@e.f;a@b.c\n")).toEqual(["a@b.c", "d@e.f"]);
  expect(addressesOf("甲@b.c，d@e.f")).toEqual(["甲@b.c", "d@e.f"]);
});

test("a time is minutes after midnight, and nothing else is one", () => {
  expect([minuteOf("06:05"), minuteOf("24:00"), minuteOf("6"), minuteOf("")]).toEqual([
    365,
    null,
    null,
    null,
  ]);
  expect(timeOf(365)).toBe("06:05");
});

test("a schedule takes along what is on show, and waits for somebody to go to", () => {
  const wanted = { ...NOTHING, period: "yesterday" };
  expect(sendingOf(newPlan(), wanted)).toBeNull();
  expect(sendingOf({ ...newPlan(), to: "a@b.c", every: "week", on: "5" }, wanted)).toMatchObject({
    rhythm: { every: "week", on: 5, minute: 360 },
    to: ["a@b.c"],
    asked: { period: "yesterday", filters: [] },
  });
});

const SENDING: Sending = {
  rhythm: { every: "week", on: 5, minute: 425 },
  to: ["a@b.c", "d@e.f"],
  format: "pdf",
  lang: "zh-Hans",
  values: "codes",
  asked: { period: "", start: "2026-01-01", end: "2026-01-31", filters: [{ field: "state" }] },
};

test("what is taken up to be changed and left alone is what it was", () => {
  const whole = { ...SENDING, asked: { ...wantedIn(SENDING) } };
  expect(sendingOf(planOf(SENDING), wantedIn(SENDING))).toEqual(whole);
  expect(planOf({ rhythm: {}, to: ["a@b.c"] })).toEqual({
    every: "day",
    on: "1",
    time: "06:00",
    to: "a@b.c",
    format: "xlsx",
    lang: "en",
    values: "words",
  });
});

test("where another was quicker, what differs can be told", () => {
  const seen: ScheduleOf = {
    id: "s1",
    report: "sales",
    sending: SENDING,
    by: "Ann",
    mine: true,
    next_at: 0,
    tried: 0,
    revision: 1,
  };
  const now = { ...seen, revision: 2, by: "Boss", sending: { ...SENDING, to: ["a@b.c"] } };
  const differ = compared(seen, now).filter(each => each.seen !== each.now);
  expect(differ).toEqual([
    { part: "Recipients", seen: "a@b.c, d@e.f", now: "a@b.c" },
    { part: "Set up by", seen: "Ann", now: "Boss" },
  ]);
  expect(compared(seen, seen).map(each => each.seen)).toContain("Every week, Fri at 07:05");
});

test("what a report was used with is told in words", () => {
  const filters = [{ field: "state", op: "is", values: ["packed"] }];
  expect(usedWith(JSON.stringify({ period: "last_7", filters, format: "pdf" }))).toBe(
    "Last 7 days · state is “packed” · PDF",
  );
  expect(usedWith(JSON.stringify({ to: ["a@b.c"], asked: { start: "2026-01-01" } }))).toBe(
    "2026-01-01 – 2026-01-01 · a@b.c",
  );
  expect(usedWith("{}")).toBe("–");
  expect(usedWith('{"spec": {"data')).toBe("–");
});
