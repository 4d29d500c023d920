// The one scan resolver: raw scanner text in, a typed `Scan` out; it never throws.
// Twin of server/kernel/scan.py, which explains each rule; tests/vectors/scan.json holds both.

import { parseDigitalLink } from "./digital-link";
import { parseSgtin } from "./epc";
import {
  type Code,
  checkCompanions,
  checkMessage,
  type Element,
  GS,
  Gs1Error,
  needsSeparator,
  parseBracketed,
  parseElementString,
} from "./gs1";
import { hasCheckDigit, isoDate } from "./gs1-checks";

export type Kind =
  | "gtin"
  | "gs1"
  | "sscc"
  | "location"
  | "badge"
  | "parcel"
  | "tote"
  | "plain"
  | "refused";

export interface ScanSettings {
  /** The current year, for two-digit years. */
  readonly year: number;
  /** The printable text that the scanner sends for FNC1, if it cannot send GS. */
  readonly separator?: string;
  /** Digital Links may carry GTINs that are not padded to 14 digits. */
  readonly shortGtin?: boolean;
  /** What the text must be; `auto`, the default, takes whatever it is. */
  readonly form?: "auto" | "element" | "bracketed" | "uri";
  /** Identifiers that other codes on the same item have given: a serial number needs its item's. */
  readonly beside?: readonly string[];
}

export interface ScanError {
  readonly code: Code;
  readonly ai?: string;
}

export interface Scan {
  readonly kind: Kind;
  /** The cleaned text behind the symbology identifier. */
  readonly text: string;
  readonly symbology?: string;
  /** What follows the prefix of an internal code: the bin of a location. */
  readonly code?: string;
  /** 14 digits with the right check digit. */
  readonly gtin?: string;
  readonly lot?: string;
  /** ISO date of AI 17. */
  readonly expiry?: string;
  readonly serial?: string;
  readonly sscc?: string;
  readonly elements?: readonly Element[];
  /** The AI whose value may have swallowed others, because no separator came: ask first. */
  readonly unterminated?: string;
  /** An AI that the standard wants with others: they must come from another code on the item. */
  readonly incomplete?: string;
  readonly error?: ScanError;
}

/** Characters in the largest QR code; more is no scan. */
export const LONGEST = 4296;

const KEPT_OF_REFUSED = 80;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it removes
const CONTROL = /[\x00-\x1c\x1e\x1f\x7f-\x9f]/g;
const SYMBOLOGY = /^\]([A-Za-z][0-9A-F])(.*)$/s;
const GS1_CARRIERS = new Set(["C1", "d2", "e0", "e1", "e2", "J1", "Q3"]);
const EAN: Readonly<Record<string, RegExp>> = {
  E0: /^([0-9]{13})(?:\|\]e0(.+))?$/s,
  E3: /^([0-9]{13})[0-9]{2}(?:[0-9]{3})?()$/,
  E4: /^([0-9]{8})(?:\|\]e0(.+))?$/s,
};
const LINK = /^https?:\/\//i;
const GTIN = /^([0-9]{8}|[0-9]{12,14})$/;
const UPC_E = /^([01])([0-9]{5})([0-9])([0-9])$/;
const SSCC = /^[0-9]{18}$/;
const ELEMENT_STRING = /^(00[0-9]{18}|0[12][0-9]{14})/;
const WRITTEN_FNC1 = /^\^[0-9]{2}/;
const BRACKETED = /^\([0-9]{2,4}\)/;
const INTERNAL = /^([BLPT])-([0-9A-Za-z][0-9A-Za-z-]{0,38})$/;
const INTERNAL_KINDS: Readonly<Record<string, Kind>> = {
  B: "badge",
  L: "location",
  P: "parcel",
  T: "tote",
};
const MAY_BE_SWALLOWED = /^(0[12]|1[013567]|21|3[07]|310[0-9])$/;

/** The meaning of one scan, whatever the text; kind `refused` says what is wrong with it. */
export function resolve(raw: string, settings: ScanSettings): Scan {
  if (raw.length > LONGEST && [...raw].length > LONGEST) return refused(raw, "too_long");
  const text = raw
    .replace(CONTROL, "")
    .normalize("NFC")
    .replace(/^ +| +$/g, "");
  const [, mark, behind] = SYMBOLOGY.exec(text) ?? [];
  const content = behind ?? text;
  if (!content) return refused(text, "empty");
  if (mark === undefined) {
    if (text.startsWith("]")) return refused(text, "unknown_symbology");
    return attempt(content, () => resolveContent(content, mark, settings));
  }
  const scan = attempt(content, () => resolveContent(content, mark, settings));
  return { ...scan, symbology: mark };
}

function attempt(text: string, read: () => Scan): Scan {
  try {
    return read();
  } catch (error) {
    if (error instanceof Gs1Error) return refused(text, error.code, error.ai);
    throw error;
  }
}

function refused(text: string, code: Code, ai = ""): Scan {
  const kept = text.length > KEPT_OF_REFUSED ? [...text].slice(0, KEPT_OF_REFUSED).join("") : text;
  return { kind: "refused", text: kept, error: ai ? { code, ai } : { code } };
}

function resolveContent(text: string, mark: string | undefined, settings: ScanSettings): Scan {
  const { form = "auto", year } = settings;
  if (form !== "auto") return declared(text, mark, form, settings);
  if (mark?.startsWith("E")) return ean(text, mark, settings);
  if (LINK.test(text)) return link(text, settings);
  if (mark === undefined && WRITTEN_FNC1.test(text))
    return declared(text, mark, "element", settings);
  const marked = mark !== undefined && GS1_CARRIERS.has(mark);
  if (marked || text.includes(GS) || ELEMENT_STRING.test(text))
    return elementString(text, settings);
  if (BRACKETED.test(text)) return message(text, parseBracketed(text, year), settings);
  const tag = parseSgtin(text);
  return tag ? message(text, tag, settings) : bare(text);
}

function declared(
  text: string,
  mark: string | undefined,
  form: "element" | "bracketed" | "uri",
  settings: ScanSettings,
): Scan {
  if (form === "uri") return link(text, settings);
  if (form === "bracketed") return message(text, parseBracketed(text, settings.year), settings);
  const content = text.startsWith("^") ? text.replaceAll("^", GS) : text;
  const marked = (mark !== undefined && GS1_CARRIERS.has(mark)) || content.startsWith(GS);
  if (!marked && content.startsWith("9")) throw new Gs1Error("unknown_symbology");
  return elementString(content, settings);
}

function link(text: string, settings: ScanSettings): Scan {
  return message(text, parseDigitalLink(text, settings.year, settings.shortGtin), settings);
}

function bare(text: string): Scan {
  if (GTIN.test(text)) return gtin(text);
  if (SSCC.test(text) && hasCheckDigit(text)) return { kind: "sscc", text, sscc: text };
  const [, prefix = "", code] = INTERNAL.exec(text) ?? [];
  const kind = INTERNAL_KINDS[prefix];
  return kind && code ? { kind, text, code } : { kind: "plain", text };
}

function gtin(digits: string): Scan & { readonly gtin: string } {
  const whole = hasCheckDigit(digits) ? digits : upcA(digits);
  if (whole === undefined) throw new Gs1Error("bad_check_digit");
  return { kind: "gtin", text: digits, gtin: whole.padStart(14, "0") };
}

/** The 12 digits of a UPC-E with its number system and check digit; undefined when it is none. */
function upcA(digits: string): string | undefined {
  const [, system = "", body = "", last = "", check = ""] = UPC_E.exec(digits) ?? [];
  const zeros = last > "4" ? 5 : last > "2" ? Number(last) : 2;
  const middle = zeros === 2 ? `${last}0000` : zeros < 5 ? "00000" : `0000${last}`;
  const whole = system + body.slice(0, zeros) + middle + body.slice(zeros) + check;
  return check && hasCheckDigit(whole) ? whole : undefined;
}

function ean(text: string, mark: string, settings: ScanSettings): Scan {
  const { year } = settings;
  const shape = EAN[mark];
  if (!shape) throw new Gs1Error("unknown_symbology");
  const [, digits, component] = shape.exec(text) ?? [];
  if (digits === undefined) throw new Gs1Error("bad_length");
  const scan = gtin(digits);
  if (!component) return scan;
  const elements = [{ ai: "01", value: scan.gtin }, ...parseElementString(component, year)];
  return message(text, checkMessage(elements, year), settings);
}

function elementString(text: string, settings: ScanSettings): Scan {
  const { year, separator } = settings;
  const content = separator ? text.replaceAll(separator, GS) : text;
  const elements = parseElementString(content, year);
  const scan = message(content, elements, settings);
  const doubt = content.includes(GS, 1) ? undefined : unterminated(elements, year);
  return doubt === undefined ? scan : { ...scan, unterminated: doubt };
}

function message(text: string, elements: readonly Element[], settings: ScanSettings): Scan {
  const values = new Map(elements.map(({ ai, value }) => [ai, value]));
  const day = values.get("17");
  const found = {
    gtin: values.get("01"),
    lot: values.get("10"),
    expiry: day === undefined ? undefined : isoDate(day, settings.year),
    serial: values.get("21"),
    sscc: values.get("00"),
  };
  const present = Object.entries(found).filter(([, value]) => value !== undefined);
  const kind = found.sscc === undefined ? "gs1" : "sscc";
  const incomplete = checkCompanions([...values.keys()], settings.beside ?? []);
  return {
    kind,
    text,
    ...(Object.fromEntries(present) as Partial<Scan>),
    elements,
    ...(incomplete !== undefined && { incomplete }),
  };
}

function unterminated(elements: readonly Element[], year: number): string | undefined {
  const last = elements.at(-1);
  if (!last || !needsSeparator(last.ai)) return undefined;
  const present = new Set(elements.map(({ ai }) => ai));
  for (let at = 1; at < last.value.length; at++) {
    const tail = elementsOrNone(last.value.slice(at), year);
    const hidden = ({ ai }: Element) => MAY_BE_SWALLOWED.test(ai) && !present.has(ai);
    if (tail.length > 0 && tail.every(hidden)) return last.ai;
  }
  return undefined;
}

function elementsOrNone(text: string, year: number): Element[] {
  try {
    return parseElementString(text, year);
  } catch {
    return [];
  }
}
