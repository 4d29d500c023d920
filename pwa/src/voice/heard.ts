/** What a recogniser's guesses mean: two check digits, "again", or nothing for us. Pure. */
import type { Language } from "../i18n/language";

export type Heard =
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "again" }
  | null;

/** Words for digits, and what recognisers write in their place. */
const DIGITS: Record<"en" | "zh", Readonly<Record<string, string>>> = {
  en: {
    ...words("0", "zero oh o nought null"),
    ...words("1", "one won"),
    ...words("2", "two to too"),
    ...words("3", "three free tree"),
    ...words("4", "four for fore"),
    ...words("5", "five"),
    ...words("6", "six sicks"),
    ...words("7", "seven"),
    ...words("8", "eight ate"),
    ...words("9", "nine niner"),
  },
  zh: {
    ...words("0", "零 〇 洞"),
    ...words("1", "一 幺 壹"),
    ...words("2", "二 两 兩 贰"),
    ...words("3", "三 叁"),
    ...words("4", "四 肆"),
    ...words("5", "五 伍"),
    ...words("6", "六 陆 陸"),
    ...words("7", "七 拐 柒"),
    ...words("8", "八 捌"),
    ...words("9", "九 勾 玖"),
  },
};

const TENS: Readonly<Record<string, string>> = {
  twenty: "2",
  thirty: "3",
  forty: "4",
  fourty: "4",
  fifty: "5",
  sixty: "6",
  seventy: "7",
  eighty: "8",
  ninety: "9",
};

const TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TEEN: Readonly<Record<string, string>> = Object.fromEntries(
  TEENS.split(" ").map((word, i) => [word, String(10 + i)]),
);

const AGAIN =
  /^(again|repeat|say again|say that again|pardon|what|重复|重複|再说一遍|再說一遍|再说一次|再說一次|再来一遍)$/;

/** The first guess that means something. Only a whole utterance counts: a hall is full of talk. */
export function heard(guesses: readonly string[], language: Language): Heard {
  for (const guess of guesses) {
    const text = tidy(guess);
    if (AGAIN.test(text)) return { kind: "again" };
    const digits = language === "en" ? english(text) : (chinese(text) ?? english(text));
    if (digits) return { kind: "digits", digits };
  }
  return null;
}

function tidy(guess: string): string {
  return guess
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[.,!?;:。，！？；：、-]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function english(text: string): string | undefined {
  const parts = text.split(" ").map(part => DIGITS.en[part] ?? TEEN[part] ?? part);
  const [first = "", second = ""] = parts;
  if (parts.length === 2 && TENS[first] && /^[1-9]$/.test(second)) return TENS[first] + second;
  if (parts.length === 1 && TENS[first]) return `${TENS[first]}0`;
  return twoDigits(parts.join(""));
}

function chinese(text: string): string | undefined {
  const joined = text.replaceAll(" ", "");
  // 十七, 四十, 四十七
  const tens = /^([^十]?)十([^十]?)$/.exec(joined);
  const read = (sign: string, none: string) => (sign === "" ? none : (DIGITS.zh[sign] ?? sign));
  if (tens) return twoDigits(read(tens[1] ?? "", "1") + read(tens[2] ?? "", "0"));
  return twoDigits([...joined].map(sign => DIGITS.zh[sign] ?? sign).join(""));
}

function twoDigits(text: string): string | undefined {
  return /^[0-9]{2}$/.test(text) ? text : undefined;
}

function words(digit: string, spoken: string): Record<string, string> {
  return Object.fromEntries(spoken.split(" ").map(word => [word, digit]));
}
