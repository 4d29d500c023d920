// GS1 element strings: cut into application identifiers and checked, each and all together.
// Twin of server/kernel/gs1.py, which names the sections of the standard.

import { CHECKS } from "./gs1-checks";
import { type Component, FORMATS, type Format, longest, matches } from "./gs1-formats";

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
  | "missing_ai"
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

const CODES: Readonly<Record<string, Code>> = {
  csum: "bad_check_digit",
  csumalpha: "bad_check_digit",
  yymmd0: "bad_date",
  yymmdd: "bad_date",
  yyyymmd0: "bad_date",
  yyyymmdd: "bad_date",
};
const KEY_PARTS = ["02", "21", "22", "37", "250", "254", "8011", "8019", "8026", "8030"];
/** A day of delivery without a time of day: the dictionary's check knows it not. */
const NO_TIME = ["4324 9999", "4325 9999"];
const SERIALISED: Readonly<Record<string, number>> = { 253: 13, 255: 13, 8003: 14 };

/** Elements of a raw message with GS between them; throws `Gs1Error`. */
export function parseElementString(text: string, year: number): Element[] {
  const elements: Element[] = [];
  let at = text.startsWith(GS) ? 1 : 0;
  while (at < text.length) {
    const ai = identifierAt(text, at);
    at += ai.length;
    const shape = formatOf(ai);
    const separator = text.indexOf(GS, at);
    const end = shape.predefined ? at + longest(shape) : separator < 0 ? text.length : separator;
    elements.push({ ai, value: text.slice(at, end) });
    at = end;
    while (text[at] === GS) at++;
  }
  return checkMessage(elements, year);
}

/** Elements of the printed form, `(01)…(10)…`; a value's own bracket is `\(`. Throws `Gs1Error`. */
export function parseBracketed(text: string, year: number): Element[] {
  const parts = [...text.matchAll(/\(([0-9]{2,4})\)((?:\\.|[^(\\])*)/gs)];
  const covered = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (covered !== text.length) throw new Gs1Error("bad_character");
  const elements = parts.map(([, ai = "", value = ""]) => ({
    ai,
    value: value.replaceAll("\\(", "("),
  }));
  return checkMessage(elements, year);
}

/** Whether only GS or the end of the text ends a value of this known identifier. */
export function needsSeparator(ai: string): boolean {
  return !formatOf(ai).predefined;
}

/** The same elements without repeats, when each is right and none excludes another. */
export function checkMessage(elements: Iterable<Element>, year: number): Element[] {
  const seen = new Map<string, string>();
  for (const { ai, value } of elements) {
    const shape = formatOf(ai);
    if ((seen.get(ai) ?? value) !== value) throw new Gs1Error("repeated_ai", ai);
    checkValue(ai, shape, value, year);
    seen.set(ai, value);
  }
  if (seen.size === 0) throw new Gs1Error("empty");
  checkExclusions([...seen.keys()]);
  checkSignature(seen);
  return [...seen].map(([ai, value]) => ({ ai, value }));
}

/**
 * The first of these identifiers that demands one which neither stands here nor `beside`; what is
 * part of a key, such as a serial number, throws `Gs1Error`.
 */
export function checkCompanions(
  ais: readonly string[],
  beside: readonly string[],
): string | undefined {
  const known = [...ais, ...beside];
  const isThere = (pattern: string) => known.some(ai => matches(ai, pattern));
  const lonely = ais.filter(
    ai => !formatOf(ai).required.every(groups => groups.some(group => group.every(isThere))),
  );
  const part = lonely.find(ai => KEY_PARTS.includes(ai));
  if (part !== undefined) throw new Gs1Error("missing_ai", part);
  return lonely[0];
}

function identifierAt(text: string, at: number): string {
  for (const length of [2, 3, 4]) {
    const ai = text.slice(at, at + length);
    if (FORMATS.has(ai)) return ai;
  }
  throw new Gs1Error("unknown_ai", text.slice(at, at + 4).split(GS)[0]);
}

function formatOf(ai: string): Format {
  const shape = FORMATS.get(ai);
  if (!shape) throw new Gs1Error("unknown_ai", ai);
  return shape;
}

function checkExclusions(present: readonly string[]): void {
  for (const ai of present) {
    for (const pattern of formatOf(ai).excluded) {
      if (present.some(other => other !== ai && matches(other, pattern)))
        throw new Gs1Error("excluded_ai", ai);
    }
  }
}

/** A digital signature (8030) vouches for one thing: its key must carry a serial number. */
function checkSignature(values: ReadonlyMap<string, string>): void {
  if (!values.has("8030")) return;
  for (const [ai, length] of Object.entries(SERIALISED)) {
    const value = values.get(ai);
    if (value !== undefined && value.length <= length) throw new Gs1Error("missing_ai", ai);
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
  const [charset = "", ...checks] = component.checks;
  if (!CHECKS[charset]?.(part, year)) throw new Gs1Error("bad_character", ai);
  if (part.length < component.shortest) throw new Gs1Error("bad_length", ai);
  for (const check of checks) {
    if (!CHECKS[check]?.(part, year) && !NO_TIME.includes(`${ai} ${part}`))
      throw new Gs1Error(CODES[check] ?? "bad_value", ai);
  }
}
