import type { en } from "./en";
import { language } from "./language";
import { fill, type ParamsOf, type Value } from "./message";
import { words } from "./words";

export { formatDate, formatDuration, formatNumber, formatTime } from "./format";
export { chooseLanguage, isLanguage, LANGUAGES, type Language, language } from "./language";
export { wordsReady } from "./words";

type English = typeof en;

/** `area.key`, e.g. `picker.scanBin`: the English catalogue is the source of keys. */
export type Key = {
  [A in keyof English & string]: `${A}.${keyof English[A] & string}`;
}[keyof English & string];

type Message<K extends Key> = K extends `${infer A extends keyof English & string}.${infer N}`
  ? N extends keyof English[A]
    ? English[A][N] & string
    : never
  : never;

type Args<K extends Key> = [ParamsOf<Message<K>>] extends [never]
  ? []
  : [params: Record<ParamsOf<Message<K>>, Value>];

/** The words for a key in the person's language; a component that calls it follows the language. */
export function t<K extends Key>(key: K, ...args: Args<K>): string {
  return fill(find(key) ?? key, args[0] ?? {}, language.value);
}

/** Whether a key made at run time (from a code of the server, say) has words. */
export function hasText(key: string): key is Key {
  return find(key) !== undefined;
}

/**
 * Words for a code of the server (`errors.<code>`) with the data that came with it.
 * A code that this build does not know yet still says what to do next, and shows the code.
 */
export function explain(code: string, data: Record<string, Value> = {}): string {
  const message = find(`errors.${code}`) ?? find("errors.unknown") ?? code;
  return fill(message, { ...data, code }, language.value);
}

function find(key: string): string | undefined {
  const dot = key.indexOf(".");
  const areas: Record<string, Record<string, string>> = words();
  return areas[key.slice(0, dot)]?.[key.slice(dot + 1)];
}
