// @vitest-environment node
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CartonType, type Goods, inOrder, type Load, propose } from "./cartons";
import { faultsOf } from "./faults";
import { type Piece, type Placed, SUPPORT, volumeOf } from "./fitting";

const SMALL: CartonType = carton("S", 200, 150, 100, 5_000);
const MIDDLE: CartonType = carton("M", 400, 300, 200, 15_000);
const LARGE: CartonType = carton("L", 600, 400, 400, 30_000);
const ALL = [LARGE, SMALL, MIDDLE];

function carton(code: string, l: number, w: number, h: number, maxGrams: number): CartonType {
  return { code, name: code, l, w, h, maxGrams, fill: 100 };
}

function piece(line: number, l: number, w: number, h: number, more: Partial<Goods> = {}): Goods {
  return {
    line,
    l,
    w,
    h,
    grams: 100,
    upright: false,
    fragile: false,
    heavy: false,
    care: "",
    apart: "",
    ...more,
  };
}

function faults({ carton: room, placed }: Load): string[] {
  return faultsOf(placed, room, SUPPORT).map(({ kind }) => kind);
}

test("the smallest carton that takes everything is proposed", () => {
  expect(propose([piece(1, 190, 140, 90)], ALL)?.loads[0]?.carton.code).toBe("S");
  expect(propose([piece(1, 190, 140, 90), piece(2, 190, 140, 90)], ALL)?.loads).toHaveLength(1);
});

test("eight halves of each edge fill a carton to the last corner", () => {
  const eight = Array.from({ length: 8 }, (_, i) => piece(i + 1, 200, 150, 100));
  expect(propose(eight, [MIDDLE])?.loads).toHaveLength(1);
});

test("the weight limit opens a second carton although there is room", () => {
  const heavy = [piece(1, 90, 90, 90, { grams: 4_000 }), piece(2, 90, 90, 90, { grams: 4_000 })];
  expect(propose(heavy, [SMALL])?.loads).toHaveLength(2);
});

test("the fill rate leaves room for the filler", () => {
  const half = { ...SMALL, fill: 50 };
  expect(propose([piece(1, 200, 150, 60)], [half])?.loose).toHaveLength(1);
  expect(propose([piece(1, 200, 150, 50)], [half])?.loads).toHaveLength(1);
});

test("what must keep apart goes into cartons of its own", () => {
  const one = (line: number, more: Partial<Goods>) => piece(line, 50, 50, 50, more);
  const cartons = (...goods: Goods[]) => propose(goods, ALL)?.loads.map(load => load.placed.length);
  expect(cartons(one(1, { apart: "ink" }), one(2, { apart: "food" }))).toEqual([1, 1]);
  expect(cartons(one(1, { care: "chilled" }), one(2, { care: "" }))).toEqual([1, 1]);
  expect(cartons(one(1, { apart: "food" }), one(2, { apart: "food" }))).toEqual([2]);
  expect(cartons(one(1, {}), one(2, { apart: "food" }), one(3, { apart: "ink" }))).toHaveLength(2);
});

test("an upright piece is not laid down to fit", () => {
  const bottle = piece(1, 80, 80, 180);
  expect(propose([bottle], [SMALL])?.loads).toHaveLength(1);
  expect(propose([{ ...bottle, upright: true }], [SMALL])?.loose).toHaveLength(1);
});

test("a piece too large for any carton travels loose, the others are packed", () => {
  const found = propose([piece(1, 900, 20, 20), piece(2, 50, 50, 50)], ALL);
  expect(found?.loose.map(({ line }) => line)).toEqual([1]);
  expect(found?.loads).toHaveLength(1);
});

const anyPiece = fc.record({
  line: fc.integer({ min: 1, max: 9 }),
  l: fc.integer({ min: 20, max: 390 }),
  w: fc.integer({ min: 20, max: 290 }),
  h: fc.integer({ min: 20, max: 190 }),
  grams: fc.integer({ min: 1, max: 6_000 }),
  upright: fc.boolean(),
  fragile: fc.boolean(),
  heavy: fc.boolean(),
  care: fc.constantFrom("", "chilled"),
  apart: fc.constantFrom("", "food", "ink"),
});

test("whatever is asked, nothing sticks out, overlaps, hangs or is lost", () => {
  fc.assert(
    fc.property(fc.array(anyPiece, { minLength: 1, maxLength: 25 }), goods => {
      const found = propose(goods, ALL);
      const inside = found?.loads.flatMap(load => load.placed.map(p => p.piece)) ?? [];
      expect(found?.loads.flatMap(faults)).toEqual([]);
      expect(inside.length + (found?.loose.length ?? 0)).toBe(goods.length);
      expect(found?.about).toBe(0);
      expect(propose(goods, ALL)).toEqual(found);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("more pieces than can be tried: the rest is told by volume, none is forgotten", () => {
  const many = Array.from({ length: 3_000 }, (_, i) => piece(i + 1, 31 + (i % 7), 29, 23));
  const found = propose(many, [MIDDLE]);
  const placed = found?.loads.reduce((n, load) => n + load.placed.length, 0) ?? 0;
  expect(found?.about).toBeGreaterThan(0);
  const least = many.slice(placed).reduce((sum, p) => sum + volumeOf(p), 0) / volumeOf(MIDDLE);
  expect(found?.about).toBeLessThanOrEqual(Math.ceil(least) + 1);
});

const FILES = import.meta.glob<string>("@data/packing_3d/*", {
  query: "?raw",
  import: "default",
  eager: true,
});

function file(name: string): string | undefined {
  return Object.entries(FILES).find(([path]) => path.endsWith(`/${name}`))?.[1];
}

/** One instance of the XMU files: the container and what goes in. */
function* instances(text: string): Generator<{ room: CartonType; goods: Goods[] }> {
  const numbers = text.trim().split(/\s+/).map(Number);
  let at = 0;
  const next = () => numbers[at++] ?? 0;
  for (let left = next(); left > 0; left -= 1) {
    next();
    const room = carton("box", next(), next(), next(), 10 ** 9);
    const types = next();
    next();
    const goods: Goods[] = [];
    for (let type = 0; type < types; type += 1) {
      const like = piece(next(), next(), next(), next());
      for (let n = next(); n > 0; n -= 1) goods.push(like);
    }
    yield { room, goods };
  }
}

/**
 * Containers in place of the least that the volume alone would need, which nobody can reach. Over
 * all hundred instances of each file it is 1.22, 1.20 and 1.17.
 */
const WITHIN = { xmu_ris3_50: 1.23, xmu_ris8_100: 1.24, xmu_ris15_200: 1.18 };
const TAKEN = 30;

for (const [name, within] of Object.entries(WITHIN))
  test(`real shipments, ${name}: sound containers, few more than their volume`, context => {
    const text = file(name);
    if (!text) return context.skip("shared/data/packing_3d is missing");
    let used = 0;
    let least = 0;
    for (const { room, goods } of [...instances(text)].slice(0, TAKEN)) {
      const found = propose(goods, [room]);
      expect(found?.loads.flatMap(faults)).toEqual([]);
      expect([found?.about, found?.loose]).toEqual([0, []]);
      used += found?.loads.length ?? 0;
      least += Math.ceil(goods.reduce((sum, g) => sum + volumeOf(g), 0) / volumeOf(room));
    }
    expect(used / least).toBeLessThanOrEqual(within);
  }, 120_000);

interface Given {
  readonly item: Record<"length/mm" | "width/mm" | "height/mm" | "weight/kg" | "sequence", number>;
  readonly flb_coordinates: readonly [number, number, number];
  readonly orientation: number;
}

interface Asked {
  readonly properties: { readonly target: string };
  readonly item_sequence: Readonly<Record<string, Given["item"]>>;
}

function boxOf(item: Given["item"]): Piece {
  const [l, w, h] = [item["length/mm"], item["width/mm"], item["height/mm"]];
  return piece(item.sequence, l, w, h, { grams: Math.round(item["weight/kg"] * 1000) });
}

function placedAs({ item, flb_coordinates: [x, y, z], orientation }: Given): Placed {
  const box = boxOf(item);
  const turned = orientation === 1 ? { l: box.w, w: box.l } : { l: box.l, w: box.w };
  return { piece: box, ...turned, h: box.h, x, y, z };
}

const HEIGHT = 2_000;

test("the faults of a given pallet plan are found, each of its kind", context => {
  const [plans, asked] = ["packing_plan", "real_orders"].map(n => file(`bed_bpp_5_${n}.json`));
  if (!plans || !asked) return context.skip("shared/data/packing_3d is missing");
  const orders: Record<string, Asked> = JSON.parse(asked);
  const told = Object.entries(JSON.parse(plans) as Record<string, Given[]>).map(([id, plan]) => {
    const order = orders[id];
    const base = order?.properties.target === "rollcontainer" ? [800, 700] : [1_200, 800];
    const goods = Object.values(order?.item_sequence ?? {}).map(boxOf);
    const room = carton("pallet", base[0] ?? 0, base[1] ?? 0, HEIGHT, 10 ** 9);
    const found = faultsOf(plan.map(placedAs), room, SUPPORT, goods);
    const count = (kind: string) => found.filter(fault => fault.kind === kind).length;
    return {
      overlaps: count("overlaps"),
      left_out: count("left_out"),
      sticks_out: count("sticks_out"),
      is_too_high: count("too_high") > 0,
    };
  });
  const as = (left_out: number, sticks_out: number) => ({
    ...{ overlaps: 0, left_out, sticks_out, is_too_high: true },
  });
  expect(told).toEqual([as(0, 5), as(2, 6), as(4, 3), as(5, 2), as(0, 4)]);
});

test("what is heavy goes in before what is light, and the fragile on top", () => {
  const goods = [
    piece(1, 100, 100, 100, { fragile: true, grams: 900 }),
    piece(2, 100, 100, 100),
    piece(3, 100, 100, 100, { heavy: true, grams: 5_000 }),
  ];
  const room = carton("tower", 100, 100, 300, 10_000);
  const load = propose(goods, [room])?.loads[0];
  expect(load && inOrder(load).map(({ piece }) => piece.line)).toEqual([3, 2, 1]);
});

test("the check sees each fault", () => {
  const room = carton("box", 100, 100, 100, 1_000);
  const at = (x: number, z: number, more: Partial<Goods> = {}): Placed => {
    const box = piece(1, 50, 50, 50, more);
    return { piece: box, l: 50, w: 50, h: 50, x, y: 0, z };
  };
  const kinds = (...placed: Placed[]) => faultsOf(placed, room, SUPPORT).map(f => f.kind);
  expect(kinds(at(0, 0), at(0, 50))).toEqual([]);
  expect(kinds(at(0, 0), at(40, 0))).toEqual(["overlaps"]);
  expect(kinds(at(60, 0))).toEqual(["sticks_out"]);
  expect(kinds(at(0, 60))).toEqual(["too_high", "hangs"]);
  expect(kinds(at(0, 0, { fragile: true }), at(0, 50))).toEqual(["on_fragile"]);
  expect(kinds(at(0, 0, { grams: 2_000 }))).toEqual(["too_heavy"]);
  expect(kinds({ ...at(0, 0), h: 40 })).toEqual(["other_size"]);
  const lying = { ...at(0, 0), piece: piece(1, 50, 40, 60, { upright: true }), w: 60, h: 40 };
  expect(kinds(lying)).toEqual(["not_upright"]);
  expect(faultsOf([at(0, 0)], room, SUPPORT, [piece(1, 50, 50, 50), piece(2, 9, 9, 9)])).toEqual([
    { kind: "left_out", line: 2 },
  ]);
});
