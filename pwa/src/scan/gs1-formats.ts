// The rule of each GS1 application identifier, read from the generated table.
// Twin of server/kernel/gs1_formats.py, which explains the notation.

import { TABLE } from "../gen/gs1";

export interface Component {
  readonly shortest: number;
  readonly longest: number;
  readonly optional: boolean;
  readonly checks: readonly string[];
}

export interface Format {
  readonly predefined: boolean;
  /** Whether it may stand in the query of a Digital Link. */
  readonly attribute: boolean;
  readonly components: readonly Component[];
  /** Each entry must be met, by any one of its groups, by all patterns of a group. */
  readonly required: readonly (readonly (readonly string[])[])[];
  readonly excluded: readonly string[];
  /** Alternative orders of a link's qualifiers; undefined when it is no link's key. */
  readonly qualifiers?: readonly (readonly string[])[];
}

const SETS: Readonly<Record<string, string>> = {
  N: "csetnumeric",
  X: "cset82",
  Y: "cset39",
  Z: "cset64",
};

/** Every known identifier with its rule. */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  TABLE.replaceAll("\n ", " ")
    .trim()
    .split("\n")
    .flatMap(line => {
      const [rule = "", spans = ""] = line.split(": ");
      const ais = spans.split(" ").flatMap(identifiers);
      return ais.map(ai => [ai, format(rule.replaceAll("~", ai.slice(0, 3)))] as const);
    }),
);

/** Whether an identifier is the one named, `n` standing for any digit: 3103 is `31nn`. */
export function matches(ai: string, pattern: string): boolean {
  return ai.length === pattern.length && ai.startsWith(pattern.replace(/n+$/, ""));
}

/** Characters of the longest value. */
export function longest({ components }: Format): number {
  return components.reduce((sum, component) => sum + component.longest, 0);
}

function identifiers(span: string): string[] {
  const [first = "", last = first] = span.split("-");
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, at) =>
    String(Number(first) + at).padStart(first.length, "0"),
  );
}

function format(rule: string): Format {
  const words = rule.split(" ");
  const flags = /^[*?]+ /.exec(rule)?.[0] ?? "";
  const named = (name: string) =>
    words.filter(word => word.startsWith(name)).map(word => word.slice(name.length));
  const [orders] = named("dlpkey");
  return {
    predefined: flags.includes("*"),
    attribute: flags.includes("?"),
    components: words.filter(word => /^\[?[NXYZ][0-9.]/.test(word)).map(component),
    required: named("req=").map(names => names.split(",").map(group => group.split("+"))),
    excluded: named("ex=").flatMap(names => names.split(",")),
    ...(orders !== undefined && { qualifiers: orders.slice(1).split("|").map(list) }),
  };
}

function list(names: string): string[] {
  return names.split(",").filter(Boolean);
}

function component(word: string): Component {
  const [shape = "", ...checks] = word.split(",");
  const bare = shape.replace(/[[\]]/g, "");
  const most = Number(bare.slice(1).replace("..", ""));
  return {
    shortest: bare.includes("..") ? 1 : most,
    longest: most,
    optional: shape !== bare,
    checks: [SETS[bare.slice(0, 1)] ?? "", ...checks],
  };
}
