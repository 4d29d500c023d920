/**
 * The message syntax: `{name}` is replaced by a parameter, `{n:line|lines}` chooses by the plural
 * rule of the language for parameter `n` (its forms in the order of `PLURAL_FORMS`, the last one for
 * all the rest). A language without plurals, such as Chinese, writes `{n}` alone.
 */
import { numberFormat, pluralRules } from "./formatters";

export type Value = string | number;

type Name<P extends string> = P extends `${infer N}:${string}` ? N : P;

/** Names of the parameters that a message takes. */
export type ParamsOf<Message extends string> = Message extends `${string}{${infer P}}${infer Rest}`
  ? Name<P> | ParamsOf<Rest>
  : never;

/** What another language must supply for an area: the same keys, any words. */
export type Same<Area> = { readonly [Key in keyof Area]: string };

const PLACEHOLDER = /\{(\w+)(?::([^}]*))?\}/g;
const PLURAL_FORMS: Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];

/** Fills a message; a missing parameter leaves its name in braces so that it is seen. */
export function fill(message: string, params: Record<string, Value>, locale: string): string {
  return message.replace(PLACEHOLDER, (whole, name: string, forms?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (forms !== undefined) return choose(forms.split("|"), Number(value), locale);
    return typeof value === "number" ? numberFormat(locale).format(value) : value;
  });
}

function choose(forms: string[], count: number, locale: string): string {
  const rules = pluralRules(locale);
  const used = new Set(rules.resolvedOptions().pluralCategories);
  const index = PLURAL_FORMS.filter(form => used.has(form)).indexOf(rules.select(count));
  return forms[Math.min(index, forms.length - 1)] ?? "";
}

/** The parameter names in a message, sorted, each once. */
export function paramNames(message: string): string[] {
  return [...new Set([...message.matchAll(PLACEHOLDER)].map(match => match[1] ?? ""))].sort();
}
