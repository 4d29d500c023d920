// @vitest-environment node
import weights from "@vectors/packing_weights.json";
import { beforeAll, describe, expect, test } from "vitest";
import { OP_KIND, type OP_VERSION } from "../gen/ops";
import type { WireOp } from "../kernel/wire";
import { registerAllOps } from "../ops/all";
import { Replica } from "../replica/view";
import {
  currentCarton,
  expectedGrams,
  isApart,
  isOff,
  type Job,
  type Line,
  missing,
  numberAt,
  proposalFor,
  takeOut,
} from "./bench-plan";
import { guideFor } from "./guide";
import { Lines, readScale } from "./scale-lines";
import { cartonsOf, packingOf } from "./settings";

const [ONE, TWO] = ["395212340000000017", "395212340000000024"] as const;

function line(fields: Partial<Line> = {}): Line {
  return {
    ...{ task: "T1", no: 1, order: "o", sku: "MUG", name: "Mug", codes: [], packs: {} },
    ...{ weight_class: "light", weight_g: 300, qty: 3, packed: 0, inside: [], flawed: 0 },
    ...{ looked: false, length_mm: 100, width_mm: 90, height_mm: 80, upright: false },
    ...{ liquid: false, apart: "", temperature: "", dangerous: false },
    ...fields,
  };
}

function job(fields: Partial<Job> = {}): Job {
  return {
    ...{ task: "T1", order: "o", order_number: "SO-1", customer_name: "Shop", ship_to: "{}" },
    ...{ parcel: ONE, shipment: "S", numbers: [ONE, TWO], spare: "P-00000007", counted: false },
    ...{ transport: "", abroad: false },
    cartons: [{ parcel: ONE, carton: null, sealed: false, weight_g: 0 }],
    ...fields,
  };
}

const CARTONS = cartonsOf([
  {
    ...{ code: "S", name: "Small", length_mm: 210, width_mm: 190, height_mm: 170 },
    ...{ max_g: 5_000, tare_g: 120, fill: 100 },
  },
]);

describe("cartons", () => {
  test("take the numbers given with the task, then those of the house", () => {
    expect([0, 1, 2, 20].map(at => numberAt(job(), at))).toEqual([
      ONE,
      TWO,
      "P-00000007-3",
      "P-00000007-21",
    ]);
  });

  test("the first that is not sealed is filled, else the next number", () => {
    expect(currentCarton(job()).parcel).toBe(ONE);
    const sealed = { parcel: ONE, carton: "S", sealed: true, weight_g: 1 };
    expect(currentCarton(job({ cartons: [sealed] }))).toMatchObject({ parcel: TWO, carton: null });
  });

  test("are proposed for what is not in one yet", () => {
    const found = proposalFor([line({ qty: 3, packed: 1, flawed: 1 })], CARTONS);
    expect(found?.loads.map(load => load.placed.length)).toEqual([1]);
    expect(proposalFor([line({ length_mm: 0 })], CARTONS)).toBeNull();
    expect(proposalFor([line(), line({ no: 2, length_mm: 0, qty: 4 })], CARTONS)?.unmeasured).toBe(
      4,
    );
  });

  test("hold one keep-apart class, one temperature, nothing beside dangerous goods", () => {
    const inside = [{ parcel: ONE, qty: 1 }];
    const soap = line({ inside, packed: 1, apart: "soap" });
    for (const other of [{ apart: "food" }, { temperature: "chilled" }, { dangerous: true }])
      expect(isApart(line({ no: 2, ...other }), [soap], ONE)).toBe(true);
    for (const other of [{ apart: "soap" }, {}])
      expect(isApart(line({ no: 2, ...other }), [soap], ONE)).toBe(false);
    expect(isApart(line({ no: 2, apart: "food" }), [soap], TWO)).toBe(false);
  });
});

describe("weight", () => {
  test("is off as the server says", () => {
    for (const { measured, expected, percent, grams, knows_carton, off } of weights.cases) {
      const site = { tolerance_percent: percent, tolerance_g: grams };
      expect([measured, expected, isOff(measured, expected, site, knows_carton)]).toEqual([
        measured,
        expected,
        off,
      ]);
    }
  });

  test("expected is the goods in the carton and its tare, where all are known", () => {
    const inside = [
      { parcel: ONE, qty: 2 },
      { parcel: TWO, qty: 1 },
    ];
    const carton = { parcel: ONE, carton: "S", sealed: false, weight_g: 0 };
    expect(expectedGrams([line({ inside })], carton, CARTONS)).toBe(720);
    expect(expectedGrams([line({ inside, weight_g: 0 })], carton, CARTONS)).toBeNull();
    expect(expectedGrams([line()], carton, CARTONS)).toBeNull();
  });
});

test("flawed pieces leave the last carton that is not sealed", () => {
  const inside = [
    { parcel: ONE, qty: 2 },
    { parcel: TWO, qty: 1 },
  ];
  expect(takeOut(line({ inside }), 2, () => true)).toEqual([{ parcel: ONE, qty: 1 }]);
  expect(takeOut(line({ inside }), 1, parcel => parcel === ONE)).toEqual([
    { parcel: ONE, qty: 1 },
    { parcel: TWO, qty: 1 },
  ]);
});

describe("the guide", () => {
  const rules = [
    { when: { abroad: true }, material: "double_wall", advice: ["export_marks"] },
    { when: { fragile: true, transport: "air" }, filler: "foam", advice: ["moisture_bag"] },
    { when: { fragile: true }, filler: "air_cushions", advice: ["wrap_each", "fragile_label"] },
    { when: { liquid: true }, advice: ["bag_liquids", "wrap_each"], note: "Cap taped." },
    { when: { fragile: false }, filler: "paper" },
    { when: { colour: "red" }, filler: "none" },
    { material: "single_wall" },
  ];
  const glass = line({ weight_class: "fragile" });

  test("takes the first rule that holds for what is decided once, and all advice", () => {
    expect(guideFor([line(), glass], job(), rules)).toEqual({
      material: "single_wall",
      filler: "air_cushions",
      advice: ["wrap_each", "fragile_label"],
      notes: [],
    });
    expect(guideFor([glass], job({ abroad: true, transport: "air" }), rules)).toMatchObject({
      material: "double_wall",
      filler: "foam",
      advice: ["wrap_each", "moisture_bag", "fragile_label", "export_marks"],
    });
    const oil = guideFor([line({ liquid: true })], job(), rules);
    expect(oil).toMatchObject({ filler: "paper", notes: ["Cap taped."] });
  });

  test("is silent where the site has no rules, or what is no rule", () => {
    for (const value of [undefined, null, {}, [null, 3]])
      expect(guideFor([line()], job(), value)).toMatchObject({ material: null, advice: [] });
  });
});

describe("the scale", () => {
  test.each([
    ["ST,GS,+  1.234kg", 1_234, true],
    ["US,NT,-  0.010 kg", -10, false],
    ["ST,NT,+00000.50 lb", 227, true],
    ["S S      1.234 kg", 1_234, true],
    ["S D      1.2 kg", 1_200, false],
    ["\x02+  1234 g\x03", 1_234, true],
    ["1,5 kg", 1_500, true],
  ])("%s", (text, grams, stable) => {
    expect(readScale(text)).toEqual({ grams, stable });
  });

  test.each(["OL,GS,+ 99.999kg", "S +", "S I", "ES", "", "hello 12", "ST,GS,+ kg"])(
    "%s says no weight",
    text => expect(readScale(text)).toBeNull(),
  );

  test("sends lines in pieces", () => {
    const lines = new Lines();
    expect(lines.take("ST,GS,+  1.2")).toEqual([]);
    expect(lines.take("34kg\r\nST,GS,+  1.")).toEqual(["ST,GS,+  1.234kg"]);
    expect(lines.take("235kg\r\n\r\n")).toEqual(["ST,GS,+  1.235kg"]);
  });
});

test("a setting of another shape leaves the usual one, and cartons that can be read", () => {
  expect(packingOf({ blind: true, tolerance_g: "many", extra: 1 })).toMatchObject({
    blind: true,
    tolerance_g: 50,
  });
  expect(packingOf(null).quality).toBe(true);
  expect(cartonsOf([{ code: "S" }, 7])).toEqual([]);
  expect(cartonsOf("none")).toEqual([]);
});

describe("what pending facts do to the rows", () => {
  beforeAll(() => registerAllOps());
  let n = 0;
  const op = (k: string, body: Record<string, unknown>): WireOp => {
    n += 1;
    const [name, version] = [k as keyof typeof OP_VERSION, 1];
    expect(OP_KIND[name]).toBe("fact");
    return { n, id: `${n}`, sid: null, k, v: version, at: 0, boot: "", mono: 0, body, refs: [] };
  };
  const check = (packed: number, parcel: string, blind = false) =>
    op("packing.check_item", { task: "T1", line: 1, sku: "MUG", packed, parcel, blind });
  const shown = (...ops: WireOp[]) => {
    const replica = new Replica();
    replica.load(
      [
        ["u:1", "pack_line", "T1/1", 1, line()],
        ["u:1", "pack_job", "T1", 1, job()],
      ],
      [...ops, ...ops],
    );
    return {
      line: replica.row("pack_line", "T1/1").value,
      job: replica.row("pack_job", "T1").value,
    };
  };

  test("pieces are in the carton that the scan says; said twice they are there once", () => {
    const { line: row, job: one } = shown(check(2, ONE), check(1, TWO));
    expect(row?.inside).toEqual([
      { parcel: ONE, qty: 2 },
      { parcel: TWO, qty: 1 },
    ]);
    expect([row?.packed, row && missing(row)]).toEqual([3, 0]);
    expect(one?.cartons.map(({ parcel }) => parcel)).toEqual([ONE, TWO]);
    expect(shown(check(2, ONE), check(0, ONE)).line?.inside).toEqual([]);
  });

  test("more than is asked for is not shown, but in a blind count", () => {
    expect(shown(check(4, ONE)).line?.packed).toBe(0);
    expect(shown(check(4, ONE, true)).line?.packed).toBe(4);
  });

  test("a flawed piece is out of its carton and not asked for again", () => {
    const flaw = op("packing.report_flaw", { task: "T1", line: 1, sku: "MUG", flawed: 1 });
    const { line: row } = shown(check(3, ONE), flaw);
    expect(row).toMatchObject({ packed: 2, flawed: 1, inside: [{ parcel: ONE, qty: 2 }] });
    expect(row && missing(row)).toBe(0);
  });

  test("a carton has its kind, then it is sealed", () => {
    const open = op("packing.open_carton", { task: "T1", parcel: ONE, carton: "S" });
    const seal = op("packing.seal_carton", { task: "T1", parcel: ONE, weight_g: 700 });
    const { job: one } = shown(open, seal);
    expect(one?.cartons).toEqual([{ parcel: ONE, carton: "S", sealed: true, weight_g: 700 }]);
    expect(one && currentCarton(one).parcel).toBe(TWO);
  });
});
