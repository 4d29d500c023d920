// The checks that the GS1 syntax dictionary names, one function each.
// Twin of server/kernel/gs1_checks.py, which names the sources.

import { CODES } from "../gen/gs1";
import { isCoupon, isPositiveOffer } from "./gs1-coupons";

/** Whether a part of a value is right, seen from the current year. */
export type Check = (part: string, year: number) => boolean;

const CSET_82 =
  "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

const pattern =
  (shape: RegExp): Check =>
  part =>
    shape.test(part);

function oneOf(short: string): Check {
  const codes = new Set(
    short.split(" ").flatMap(group => {
      const [start = "", ends = ""] = group.split(".");
      return [...ends].map(end => start + end);
    }),
  );
  return part => codes.has(part);
}

const isCountry = oneOf(CODES.iso3166);
const isCountryAlpha2 = oneOf(CODES.iso3166alpha2);

/** By the dictionary's names. */
export const CHECKS: Readonly<Record<string, Check>> = {
  cset39: pattern(/^[#\-/0-9A-Z]*$/),
  cset82: pattern(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/),
  cset64: part => {
    const [, , padding] = /^([-0-9A-Z_a-z]*)(={0,2})$/.exec(part) ?? [];
    return padding !== undefined && (padding === "" || part.length % 3 === 0);
  },
  csetnumeric: pattern(/^[0-9]*$/),
  couponcode: (part, year) => isCoupon(part, day => yymmdd(day, year)),
  couponposoffer: isPositiveOffer,
  csum: part => /^[0-9]+$/.test(part) && hasCheckDigit(part),
  csumalpha: part =>
    part.length >= 2 && part.length <= 99 && checkPair(part.slice(0, -2)) === part.slice(-2),
  gcppos1: pattern(/^[0-9]{4}/),
  gcppos2: pattern(/^.[0-9]{4}/s),
  hasnondigit: pattern(/[^0-9]/),
  hh: pattern(/^([01][0-9]|2[0-3])$/),
  hhmi: pattern(/^([01][0-9]|2[0-3])[0-5][0-9]$/),
  hyphen: part => part === "-",
  iban,
  importeridx: pattern(/^[-0-9A-Z_a-z]$/),
  iso3166: isCountry,
  iso3166999: (part, year) => part === "999" || isCountry(part, year),
  iso3166alpha2: isCountryAlpha2,
  iso4217: oneOf(CODES.iso4217),
  iso5218: pattern(/^[0129]$/),
  latitude: pattern(/^(0[0-9]{9}|1[0-7][0-9]{8}|180{8})$/),
  longitude: pattern(/^([0-2][0-9]{9}|3[0-5][0-9]{8}|360{8})$/),
  mediatype: oneOf(CODES.mediatype),
  mi: pattern(/^[0-5][0-9]$/),
  nonzero: pattern(/^(?=.*[1-9])[0-9]*$/),
  nozeroprefix: pattern(/^(?!0)[0-9]*$/),
  packagetype: oneOf(CODES.packagetype),
  pcenc: pattern(/^([^%]|%[0-9A-Fa-f]{2})*$/),
  pieceoftotal: part => {
    const [piece, total] = [part.slice(0, part.length / 2), part.slice(part.length / 2)];
    return /^([0-9]{2})+$/.test(part) && /[1-9]/.test(piece) && piece <= total;
  },
  posinseqslash: part => {
    const [, at, end] = /^([1-9][0-9]*)\/([1-9][0-9]*)$/.exec(part) ?? [];
    if (at === undefined || end === undefined) return false;
    return at.length < end.length || (at.length === end.length && at <= end);
  },
  ss: pattern(/^[0-5][0-9]$/),
  winding: pattern(/^[019]$/),
  yesno: pattern(/^[01]$/),
  yymmd0,
  yymmdd,
  yyyymmd0,
  yyyymmdd: part => part.slice(6) !== "00" && yyyymmd0(part),
  zero: pattern(/^0+$/),
};

/** The modulo-10 digit after `payload` (ASCII digits). */
export function checkDigit(payload: string): string {
  let total = 0;
  for (let at = 0; at < payload.length; at++) {
    total += Number(payload[payload.length - 1 - at]) * (at % 2 === 0 ? 3 : 1);
  }
  return String((10 - (total % 10)) % 10);
}

export function hasCheckDigit(digits: string): boolean {
  return digits.length > 1 && checkDigit(digits.slice(0, -1)) === digits.slice(-1);
}

/** ISO date of six digits seen from `year`; day 00 is the month's last. Undefined: no such day. */
export function isoDate(yymmdd: string, year: number): string | undefined {
  const ahead = Number(yymmdd.slice(0, 2)) - (year % 100);
  const full = year + ahead - (ahead >= 51 ? 100 : ahead <= -50 ? -100 : 0);
  return iso(full, Number(yymmdd.slice(2, 4)), Number(yymmdd.slice(4)));
}

function iso(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || year < 1 || year > 9999) return undefined;
  // Date.UTC takes the years 0-99 for 1900-1999; leap years repeat after 400 years.
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const digits = (value: number, length: number) => String(value).padStart(length, "0");
  return day > last
    ? undefined
    : `${digits(year, 4)}-${digits(month, 2)}-${digits(day || last, 2)}`;
}

function yymmd0(part: string, year: number): boolean {
  return /^[0-9]{6}$/.test(part) && isoDate(part, year) !== undefined;
}

function yymmdd(part: string, year: number): boolean {
  return part.slice(4) !== "00" && yymmd0(part, year);
}

function yyyymmd0(part: string): boolean {
  if (!/^[0-9]{8}$/.test(part)) return false;
  // The year 0000 is a leap year of the Gregorian calendar, as 2000 is.
  const year = Number(part.slice(0, 4)) || 2000;
  return iso(year, Number(part.slice(4, 6)), Number(part.slice(6))) !== undefined;
}

/** The two check characters after `payload`; undefined outside set 82. */
function checkPair(payload: string): string | undefined {
  let total = 0;
  let prime = 1;
  for (const character of [...payload].reverse()) {
    const value = CSET_82.indexOf(character);
    if (value < 0) return undefined;
    prime = nextPrime(prime);
    total = (total + value * prime) % 1021;
  }
  return (CSET_32[total >> 5] ?? "") + (CSET_32[total & 31] ?? "");
}

function nextPrime(after: number): number {
  for (let number = after + 1; ; number++) {
    let divisor = 2;
    while (number % divisor !== 0) divisor++;
    if (divisor === number) return number;
  }
}

function iban(part: string, year: number): boolean {
  if (!/^[0-9A-Z]{11,34}$/.test(part) || !isCountryAlpha2(part.slice(0, 2), year)) return false;
  let rest = 0;
  for (const character of part.slice(4) + part.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
