/**
 * The catalogues that this device has in memory: English, which came with the app, and each other
 * language once somebody reads it. All of them are kept for the time without a network.
 */
import { effect, signal } from "@preact/signals";
import type { Catalogue } from "./catalogues";
import { en } from "./en";
import { type Language, language } from "./language";

const FETCH: Record<Exclude<Language, "en">, () => Promise<Catalogue>> = {
  "zh-Hans": async () => (await import("./zh-Hans")).zhHans,
  "zh-Hant": async () => (await import("./zh-Hant")).zhHant,
};

const loaded = signal<Partial<Record<Language, Catalogue>>>({ en });

/** The words of the chosen language; English until they are here. */
export function words(): Catalogue {
  return loaded.value[language.value] ?? en;
}

export function keepWords(of: Language, catalogue: Catalogue): void {
  loaded.value = { ...loaded.peek(), [of]: catalogue };
}

/** Ends when the chosen language can be read, or cannot be had now. */
export async function wordsReady(of: Language = language.peek()): Promise<void> {
  if (of === "en" || loaded.peek()[of]) return;
  try {
    keepWords(of, await FETCH[of]());
  } catch {
    // English is readable; the next choice, or the next start, tries again.
  }
}

effect(() => void wordsReady(language.value));
