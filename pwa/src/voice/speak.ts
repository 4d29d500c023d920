import { signal } from "@preact/signals";
import { type Language, language } from "../i18n/language";
import { voice } from "./choice";

/** While something is said, nobody listens: the device would hear itself. */
export const speaking = signal(false);

/** The languages that voices are asked for, best first. */
const VOICES: Record<Language, readonly string[]> = {
  en: ["en-US", "en-GB", "en"],
  "zh-Hans": ["zh-CN", "cmn-Hans", "zh"],
  "zh-Hant": ["zh-TW", "zh-HK", "cmn-Hant", "zh"],
};

let last = "";
/** Held here, for browsers forget utterances, and their ends, that nobody holds. */
let current: SpeechSynthesisUtterance | undefined;
/** Some browsers never tell the end: nothing is said for longer than this a character. */
const LONGEST_MS = 400;
let givenUp: ReturnType<typeof setTimeout> | undefined;

/** Speaks in the person's language, in place of what is still being said; silent unless chosen. */
export function say(text: string): void {
  last = text;
  const { speech, volume, rate } = voice.peek();
  if (!speech || !canSpeak() || text === "") return;
  const utterance = new SpeechSynthesisUtterance(text);
  const chosen = bestVoice(speechSynthesis.getVoices(), language.peek());
  if (chosen) utterance.voice = chosen;
  utterance.lang = chosen?.lang ?? VOICES[language.peek()][0] ?? "";
  utterance.volume = volume;
  utterance.rate = rate;
  utterance.onend = utterance.onerror = () => ended(utterance);
  current = utterance;
  speaking.value = true;
  clearTimeout(givenUp);
  givenUp = setTimeout(() => ended(utterance), 3_000 + text.length * LONGEST_MS);
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}

/** The end of what was cut short comes after the start of what took its place. */
function ended(utterance: SpeechSynthesisUtterance): void {
  if (utterance !== current) return;
  clearTimeout(givenUp);
  current = undefined;
  speaking.value = false;
}

/** The newest instruction once more. */
export function sayAgain(): void {
  say(last);
}

export function canSpeak(): boolean {
  return typeof speechSynthesis !== "undefined";
}

/** The voice for a language; one that works without a network before others of the same tongue. */
export function bestVoice(
  voices: readonly SpeechSynthesisVoice[],
  wanted: Language,
): SpeechSynthesisVoice | undefined {
  for (const tag of VOICES[wanted]) {
    const fits = voices.filter(({ lang }) => fitsTag(lang, tag));
    const found = fits.find(({ localService }) => localService) ?? fits[0];
    if (found) return found;
  }
  return undefined;
}

/** Whether this device can speak a language at all; voices may still be loading. */
export function speaksLanguage(wanted: Language): boolean {
  const voices = canSpeak() ? speechSynthesis.getVoices() : [];
  return voices.length === 0 ? canSpeak() : bestVoice(voices, wanted) !== undefined;
}

/** Android writes `zh_CN`. */
function fitsTag(lang: string, tag: string): boolean {
  const plain = lang.replace("_", "-").toLowerCase();
  return plain === tag.toLowerCase() || plain.startsWith(`${tag.toLowerCase()}-`);
}

/** Spells a bin or a code so that it is heard character by character: `A-03-02` as `A, 0 3, 0 2`. */
export function spelled(code: string): string {
  return code
    .split(/[^\p{L}\p{N}]+/u)
    .map(part => [...part].join(" "))
    .join(", ");
}
