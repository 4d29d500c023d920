// GS1 element strings: cut into application identifiers and checked value by value.
// Twin of server/kernel/gs1.py, which names the sections of the standard.

import { EXCLUDES, FORMATS } from "./gs1-table";

export const GS = "\x1d";

export interface Element {
  readonly ai: string;
  readonly value: string;
}

/** Why a scan is refused. */
export type Code =
  | "bad_character"
  | "bad_check_digit"
  | "bad_date"
  | "bad_length"
  | "bad_uri"
  | "bad_value"
  | "empty"
  | "excluded_ai"
  | "no_key_in_uri"
  | "repeated_ai"
  | "too_long"
  | "unknown_ai"
  | "unknown_symbology";

/** The text breaks a GS1 rule; `code` says which, `ai` where (empty: before any). */
export class Gs1Error extends Error {
  readonly code: Code;
  readonly ai: string;

  constructor(code: Code, ai = "") {
    super(`${code} ${ai}`);
    this.code = code;
    this.ai = ai;
  }
}

interface Component {
  readonly charset: string;
  readonly shortest: number;
  readonly longest: number;
  readonly optional: boolean;
  readonly checks: readonly string[];
}

interface Format {
  readonly predefined: boolean;
  readonly length: number;
  readonly components: readonly Component[];
}

type Check = (part: string, year: number) => boolean;

const SETS: Readonly<Record<string, RegExp>> = {
  N: /^[0-9]*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
};

const CHECKS: Readonly<Record<string, Check>> = {
  csum: hasCheckDigit,
  yymmd0: (part, year) => isoDate(part, year) !== undefined,
  yymmdd: (part, year) => part.slice(4) !== "00" && isoDate(part, year) !== undefined,
  pieces: part => Number(part.slice(0, 2)) > 0 && part.slice(0, 2) <= part.slice(2),
  hhmi: part => /^([01][0-9]|2[0-3])[0-5][0-9]$/.test(part),
  hour: part => /^([01][0-9]|2[0-3])$/.test(part),
  hyphen: part => part === "-",
  nonzero: part => /[1-9]/.test(part),
  nozeroprefix: part => /^(0|[1-9][0-9]*)$/.test(part),
  pcenc: part => /^([^%]|%[0-9A-Fa-f]{2})*$/.test(part),
  sixty: part => /^[0-5][0-9]$/.test(part),
  winding: part => /^[019]$/.test(part),
  yesno: part => /^[01]$/.test(part),
  zero: part => part === "0",
};

const CODES: Readonly<Record<string, Code>> = {
  csum: "bad_check_digit",
  yymmd0: "bad_date",
  yymmdd: "bad_date",
};

const formats: ReadonlyMap<string, Format> = new Map(
  Object.entries(FORMATS).flatMap(([span, text]) =>
    identifiers(span).map(ai => [ai, format(text)] as const),
  ),
);

/** The modulo-10 digit after `payload` (ASCII digits). */
export function checkDigit(payload: string): string {
  let total = 0;
  for (let at = 0; at < payload.length; at++) {
    total += Number(payload[payload.length - 1 - at]) * (at % 2 === 0 ? 3 : 1);
  }
  return String((10 - (total % 10)) % 10);
}

export function hasCheckDigit(digits: string): boolean {
  return digits.length > 1 && checkDigit(digits.slice(0, -1)) === digits.slice(-1);
}

/** ISO date of six digits seen from `year`; day 00 is the month's last. Undefined: no such day. */
export function isoDate(yymmdd: string, year: number): string | undefined {
  const ahead = Number(yymmdd.slice(0, 2)) - (year % 100);
  const full = year + ahead - (ahead >= 51 ? 100 : ahead <= -50 ? -100 : 0);
  const [month, day] = [Number(yymmdd.slice(2, 4)), Number(yymmdd.slice(4))];
  if (month < 1 || month > 12 || full < 1) return undefined;
  const last = new Date(Date.UTC(full, month, 0)).getUTCDate();
  const digits = (value: number, length: number) => String(value).padStart(length, "0");
  return day > last
    ? undefined
    : `${digits(full, 4)}-${digits(month, 2)}-${digits(day || last, 2)}`;
}

/** Elements of a raw message with GS between them; throws `Gs1Error`. */
export function parseElementString(text: string, year: number): Element[] {
  const elements: Element[] = [];
  let at = text.startsWith(GS) ? 1 : 0;
  while (at < text.length) {
    const ai = identifierAt(text, at);
    at += ai.length;
    const { predefined, length } = formatOf(ai);
    const separator = text.indexOf(GS, at);
    const end = predefined ? at + length : separator < 0 ? text.length : separator;
    elements.push({ ai, value: text.slice(at, end) });
    at = end;
    while (text[at] === GS) at++;
  }
  return checkMessage(elements, year);
}

/** Elements of the printed form, `(01)…(10)…`; throws `Gs1Error`. */
export function parseBracketed(text: string, year: number): Element[] {
  const parts = text.split(/\(([0-9]{2,4})\)/);
  if (parts[0]) throw new Gs1Error("bad_character");
  const elements: Element[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    elements.push({ ai: parts[at] ?? "", value: parts[at + 1] ?? "" });
  }
  return checkMessage(elements, year);
}

/** Whether only GS or the end of the text ends a value of this known identifier. */
export function needsSeparator(ai: string): boolean {
  return !formatOf(ai).predefined;
}

/** The same elements without repeats, when each and all together are right. */
export function checkMessage(elements: Iterable<Element>, year: number): Element[] {
  const seen = new Map<string, string>();
  for (const { ai, value } of elements) {
    const shape = formatOf(ai);
    if ((seen.get(ai) ?? value) !== value) throw new Gs1Error("repeated_ai", ai);
    checkValue(ai, shape, value, year);
    seen.set(ai, value);
  }
  if (seen.size === 0) throw new Gs1Error("empty");
  checkTogether([...seen.keys()]);
  return [...seen].map(([ai, value]) => ({ ai, value }));
}

function identifierAt(text: string, at: number): string {
  for (const length of [2, 3, 4]) {
    const ai = text.slice(at, at + length);
    if (formats.has(ai)) return ai;
  }
  throw new Gs1Error("unknown_ai", text.slice(at, at + 4).split(GS)[0]);
}

function formatOf(ai: string): Format {
  const shape = formats.get(ai);
  if (!shape) throw new Gs1Error("unknown_ai", ai);
  return shape;
}

function checkTogether(present: readonly string[]): void {
  const isMeasure = (ai: string) => ai.length === 4 && ai.startsWith("3");
  for (const ai of present) {
    const twins = present.filter(other => isMeasure(other) && other.slice(0, 3) === ai.slice(0, 3));
    const excluded = EXCLUDES[ai]?.some(other => present.includes(other));
    if (excluded || (isMeasure(ai) && twins.length > 1)) throw new Gs1Error("excluded_ai", ai);
  }
}

function checkValue(ai: string, shape: Format, value: string, year: number): void {
  let rest = value;
  for (const component of shape.components) {
    const part = rest.slice(0, component.longest);
    rest = rest.slice(component.longest);
    if (!(component.optional && part === "")) checkPart(ai, component, part, year);
  }
  if (rest) throw new Gs1Error("bad_length", ai);
}

function checkPart(ai: string, component: Component, part: string, year: number): void {
  if (!SETS[component.charset]?.test(part)) throw new Gs1Error("bad_character", ai);
  if (part.length < component.shortest) throw new Gs1Error("bad_length", ai);
  for (const check of component.checks) {
    if (!CHECKS[check]?.(part, year)) throw new Gs1Error(CODES[check] ?? "bad_value", ai);
  }
}

function identifiers(span: string): string[] {
  const [first = "", last = first] = span.split("-");
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, at) =>
    String(Number(first) + at).padStart(first.length, "0"),
  );
}

function format(text: string): Format {
  const words = text.split(" ");
  const predefined = words[0] === "*";
  const components = (predefined ? words.slice(1) : words).map(component);
  return { predefined, components, length: components.reduce((sum, c) => sum + c.longest, 0) };
}

function component(word: string): Component {
  const [shape = "", ...checks] = word.split(",");
  const bare = shape.replace(/[[\]]/g, "");
  const longest = Number(bare.slice(1).replace("..", ""));
  const shortest = bare.includes("..") ? 1 : longest;
  return { charset: bare.slice(0, 1), shortest, longest, optional: shape !== bare, checks };
}
