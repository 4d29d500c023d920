// GS1 Digital Link URIs: a web address that carries a primary key and its attributes.
// Twin of server/kernel/digital_link.py.

import { checkMessage, type Element, Gs1Error } from "./gs1";
import { FORMATS } from "./gs1-formats";

const URI = /^https?:\/\/[0-9A-Za-z.-]+(?::[0-9]+)?(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/i;
const LEGAL = /^[!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]*$/;
const ESCAPE = /%([0-9A-Fa-f]{2})/g;

/** Words that links of before 2021 have in their path in place of an identifier. */
const ALPHAS: ReadonlyMap<string, string> = new Map(
  "cpid8010 cpsn8011 cpv22 gcn255 gdti253 giai8004 ginc401 gln414 glnx254 gmn8013 grai8003 gsin402 gsrn8018 gsrnp8017 gtin01 itip8006 lot10 party417 refno8020 ser21 srin8019 sscc00"
    .split(" ")
    .map(word => [word.replace(/[0-9]+/, ""), word.replace(/[a-z]+/, "")]),
);

/** Elements of a link, key first, then qualifiers, then attributes; throws `Gs1Error`. */
export function parseDigitalLink(text: string, year: number, shortGtin = false): Element[] {
  const uri = URI.exec(text);
  if (!uri || !LEGAL.test(text)) throw new Gs1Error("bad_uri");
  const path = keyAndQualifiers(uri[1] ?? "");
  const attributes = attributesOf(uri[2] ?? "");
  checkAttributes(
    path.map(element => element.ai),
    attributes.map(element => element.ai),
  );
  const elements = [...path, ...attributes].map(decoded);
  return checkMessage(shortGtin ? elements.map(padded) : elements, year);
}

function keyAndQualifiers(path: string): Element[] {
  const segments = path.split("/").slice(1);
  const pairs: Element[] = [];
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const name = segments[at] ?? "";
    const key = { ai: ALPHAS.get(name) ?? name, value: segments[at + 1] ?? "" };
    pairs.unshift(key);
    if (!FORMATS.get(key.ai)?.qualifiers) continue;
    checkSequence(
      key.ai,
      pairs.slice(1).map(pair => pair.ai),
    );
    return pairs;
  }
  throw new Gs1Error("no_key_in_uri");
}

function checkSequence(key: string, qualifiers: readonly string[]): void {
  const given = qualifiers.join("/");
  for (const allowed of FORMATS.get(key)?.qualifiers ?? []) {
    if (given === allowed.filter(ai => qualifiers.includes(ai)).join("/")) return;
  }
  throw new Gs1Error("bad_uri", key);
}

function attributesOf(query: string): Element[] {
  return query
    .split(/[&;]/)
    .map(part => /^([^=]*)=?(.*)$/s.exec(part))
    .map(match => ({ ai: match?.[1] ?? "", value: (match?.[2] ?? "").replaceAll("+", " ") }))
    .filter(element => /^[0-9]+$/.test(element.ai));
}

function checkAttributes(path: readonly string[], attributes: readonly string[]): void {
  const [key = "", ...qualifiers] = path;
  const taken = [...path];
  for (const ai of attributes) {
    if (taken.includes(ai)) throw new Gs1Error("repeated_ai", ai);
    taken.push(ai);
    if (FORMATS.get(ai)?.attribute === false) throw new Gs1Error("bad_uri", ai);
    for (const allowed of FORMATS.get(key)?.qualifiers ?? []) {
      const fits = qualifiers.every(qualifier => allowed.includes(qualifier));
      if (fits && allowed.includes(ai)) throw new Gs1Error("bad_uri", ai);
    }
  }
}

function decoded({ ai, value }: Element): Element {
  const escapes = value.match(ESCAPE)?.length ?? 0;
  if (value.split("%").length - 1 !== escapes) throw new Gs1Error("bad_uri", ai);
  const plain = value.replace(ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { ai, value: plain };
}

function padded(element: Element): Element {
  const short = ["01", "02"].includes(element.ai) && [8, 12, 13].includes(element.value.length);
  return short ? { ai: element.ai, value: element.value.padStart(14, "0") } : element;
}
