/** How an order is packed: the site's rule table `packing_guide` held against its goods. Pure. */
import {
  ADVICE,
  type Advice,
  FILLERS,
  type Filler,
  MATERIALS,
  type Material,
  type When,
} from "../gen/guide";
import type { RowTypes } from "../kernel/contract";

type Line = RowTypes["pack_line"];
/** What a rule may ask of the order. */
type JobOf = Pick<RowTypes["pack_job"], "transport" | "abroad">;

export interface Guide {
  readonly material: Material | null;
  readonly filler: Filler | null;
  readonly advice: readonly Advice[];
  /** The house's own words. */
  readonly notes: readonly string[];
}

/** What a rule may ask of one piece; it holds as soon as one of the pieces is so. */
const OF_GOODS: Readonly<
  Record<Exclude<keyof When, keyof JobOf>, (line: Line) => boolean | string>
> = {
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
export function guideFor(lines: readonly Line[], job: JobOf, rules: unknown): Guide {
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
function holds(when: unknown, lines: readonly Line[], job: JobOf): boolean {
  if (typeof when !== "object" || when === null) return true;
  return Object.entries(when).every(([name, wanted]) => {
    if (wanted === null) return true;
    if (name === "transport" || name === "abroad") return job[name] === wanted;
    if (!isOfGoods(name)) return false;
    const of = OF_GOODS[name];
    return wanted === false
      ? lines.every(line => !of(line))
      : lines.some(line => of(line) === wanted);
  });
}

function isOfGoods(name: string): name is keyof typeof OF_GOODS {
  return Object.hasOwn(OF_GOODS, name);
}
