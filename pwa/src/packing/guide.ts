/** How an order is packed: the site's rule table `packing_guide` held against its goods. Pure. */
import type { RowTypes } from "../kernel/contract";

type Line = RowTypes["pack_line"];
type Job = RowTypes["pack_job"];

export const MATERIALS = [
  "single_wall",
  "double_wall",
  "padded_bag",
  "wooden_crate",
  "cool_box",
] as const;
export const FILLERS = ["none", "paper", "air_cushions", "foam", "chips"] as const;
export const ADVICE = [
  "wrap_each",
  "dividers",
  "upright_arrows",
  "bag_liquids",
  "absorbent",
  "heavy_bottom",
  "corner_guards",
  "moisture_bag",
  "strap",
  "fragile_label",
  "hazard_label",
  "cool_packs",
  "export_marks",
] as const;

export type Material = (typeof MATERIALS)[number];
export type Filler = (typeof FILLERS)[number];
export type Advice = (typeof ADVICE)[number];

export interface Guide {
  readonly material: Material | null;
  readonly filler: Filler | null;
  readonly advice: readonly Advice[];
  /** The house's own words. */
  readonly notes: readonly string[];
}

/** What a rule may ask of one piece; it holds as soon as one of the pieces is so. */
const OF_GOODS: Readonly<Record<string, (line: Line) => boolean | string>> = {
  fragile: line => line.weight_class === "fragile",
  heavy: line => line.weight_class === "heavy",
  liquid: line => line.liquid,
  upright: line => line.upright,
  dangerous: line => line.dangerous,
  temperature: line => line.temperature,
  apart: line => line.apart,
};

type Rule = Readonly<Record<string, unknown>>;

/** `rules`: the setting's value as it came. Of what may be decided once, the first rule decides. */
export function guideFor(
  lines: readonly Line[],
  job: Pick<Job, "transport" | "abroad">,
  rules: unknown,
): Guide {
  const fit = asRules(rules).filter(rule => holds(rule.when, lines, job));
  const first = <T extends string>(name: string, known: readonly T[]): T | null =>
    fit.map(rule => known.find(word => word === rule[name])).find(word => word) ?? null;
  const advised = new Set(fit.flatMap(({ advice }) => (Array.isArray(advice) ? advice : [])));
  return {
    material: first("material", MATERIALS),
    filler: first("filler", FILLERS),
    advice: ADVICE.filter(word => advised.has(word)),
    notes: fit.flatMap(({ note }) => (typeof note === "string" && note !== "" ? [note] : [])),
  };
}

function asRules(value: unknown): Rule[] {
  if (!Array.isArray(value)) return [];
  return value.filter(each => typeof each === "object" && each !== null);
}

/** A condition that this build does not know does not hold. */
function holds(
  when: unknown,
  lines: readonly Line[],
  job: Pick<Job, "transport" | "abroad">,
): boolean {
  if (typeof when !== "object" || when === null) return true;
  return Object.entries(when).every(([name, wanted]) => {
    if (wanted === null) return true;
    if (name === "transport" || name === "abroad") return job[name] === wanted;
    const of = OF_GOODS[name];
    if (!of) return false;
    return wanted === false
      ? lines.every(line => !of(line))
      : lines.some(line => of(line) === wanted);
  });
}
