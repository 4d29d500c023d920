import { en } from "./en";
import type { Language } from "./language";
import type { Same } from "./message";
import { zhHans } from "./zh-Hans";
import { zhHant } from "./zh-Hant";

export type Catalogue = { readonly [Area in keyof typeof en]: Same<(typeof en)[Area]> };

/** A language that misses an area or a key does not compile. The app takes them from `words.ts`. */
export const catalogues: Record<Language, Catalogue> = {
  en,
  "zh-Hans": zhHans,
  "zh-Hant": zhHant,
};
