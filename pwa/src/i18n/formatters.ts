/**
 * Formatters are dear to make and cheap to use: one for each language and set of options, for as
 * long as the app runs. There are a handful.
 */
const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();
const plurals = new Map<string, Intl.PluralRules>();

function kept<T>(among: Map<string, T>, key: string, make: () => T): T {
  let found = among.get(key);
  if (found === undefined) {
    found = make();
    among.set(key, found);
  }
  return found;
}

export function numberFormat(locale: string, options?: Intl.NumberFormatOptions) {
  const key = options ? locale + JSON.stringify(options) : locale;
  return kept(numbers, key, () => new Intl.NumberFormat(locale, options));
}

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + JSON.stringify(options);
  return kept(dates, key, () => new Intl.DateTimeFormat(locale, options));
}

export function pluralRules(locale: string) {
  return kept(plurals, locale, () => new Intl.PluralRules(locale));
}
