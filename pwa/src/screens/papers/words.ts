import { hasText, t } from "../../i18n";

export const LANGUAGES = ["en", "zh-Hans", "zh-Hant"] as const;

/** In which language a paper is printed. */
export function languageWord(lang: string): string {
  const known = LANGUAGES.find(each => each === lang);
  return known ? t(`papers.lang_${known}`) : lang;
}

/** The name of a paper; one that only this site knows is shown as it is. */
export function paperWord(paper: string): string {
  const key = `papers.paper_${paper}`;
  return hasText(key) ? (t as (key: string) => string)(key) : paper.replace(/_/g, " ");
}
