import { signal } from "@preact/signals";

/** Adding a language is one folder beside `en` and a line each in `catalogues.ts` and `words.ts`. */
export const LANGUAGES = {
  en: "English",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
} as const;

export type Language = keyof typeof LANGUAGES;

const STORED_AS = "dockhand.language";

/** Chooses the nearest language on offer for the device's own preferences, best first. */
export function nearest(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const locale = new Intl.Locale(tag).maximize();
    if (locale.language === "en") return "en";
    if (locale.language === "zh") return locale.script === "Hant" ? "zh-Hant" : "zh-Hans";
  }
  return "en";
}

export function isLanguage(value: string | null): value is Language {
  return value !== null && value in LANGUAGES;
}

function initial(): Language {
  const stored = localStorage.getItem(STORED_AS);
  return isLanguage(stored) ? stored : nearest(navigator.languages);
}

/** Every text on screen follows this signal. */
export const language = signal<Language>(initial());

language.subscribe(chosen => {
  document.documentElement.lang = chosen;
});

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(STORED_AS, chosen);
  language.value = chosen;
}
