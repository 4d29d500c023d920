/**
 * Canonical JSON by RFC 8785 for what an evidence record holds: objects, arrays, strings, whole
 * numbers, null. The server makes the same bytes (`rfc8785`); `tests/vectors/canonical.json` holds
 * both.
 */
export type Canonical =
  | null
  | boolean
  | string
  | number
  | readonly Canonical[]
  | { readonly [name: string]: Canonical };

/** Throws on what the record must not hold: fractions, numbers beyond 2^53, halves of a pair. */
export function canonical(value: Canonical): string {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return whole(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  // The default order of `sort` is by UTF-16 code units, which is what the RFC asks for.
  const names = Object.keys(value).sort();
  return `{${names.map(name => `${text(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
  return String(value);
}

function text(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new RangeError("half of a surrogate pair");
  return JSON.stringify(value);
}
