// North American coupon codes: the digits of AI 8110 and, for positive offers, of AI 8112.
// Twin of server/kernel/gs1_coupons.py, which names the source.

class Malformed extends Error {}

/** Takes digits off the front of a code. */
class Digits {
  rest: string;

  constructor(text: string) {
    if (!/^[0-9]+$/.test(text)) throw new Malformed();
    this.rest = text;
  }

  take(length: number): string {
    if (this.rest.length < length) throw new Malformed();
    const taken = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    return taken;
  }

  oneOf(allowed: string): string {
    const digit = this.take(1);
    if (!allowed.includes(digit)) throw new Malformed();
    return digit;
  }

  /** A field behind the digit that tells its length, less `more`. */
  sized(allowed: string, more = 0): string {
    return this.take(Number(this.oneOf(allowed)) + more);
  }

  /** Whether the optional field of this number comes next; takes its number. */
  begins(field: string): boolean {
    if (!this.rest.startsWith(field)) return false;
    this.take(1);
    return true;
  }
}

/** Whether the digits of AI 8110 are well formed; `isDay` judges six digits of a date. */
export function isCoupon(text: string, isDay: (day: string) => boolean): boolean {
  return isWellFormed(text, digits => coupon(digits, isDay));
}

/** Whether the digits of AI 8112 are well formed. */
export function isPositiveOffer(text: string): boolean {
  return isWellFormed(text, digits => {
    digits.oneOf("01");
    digits.sized("0123456", 6);
    digits.take(6);
    digits.sized("0123456789", 6);
  });
}

function isWellFormed(text: string, read: (digits: Digits) => void): boolean {
  try {
    const digits = new Digits(text);
    read(digits);
    return digits.rest === "";
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

function coupon(digits: Digits, isDay: (day: string) => boolean): void {
  digits.sized("0123456", 6);
  digits.take(6);
  digits.sized("12345");
  purchase(digits);
  if (digits.begins("1")) {
    digits.oneOf("0123");
    purchase(digits);
    company(digits);
  }
  if (digits.begins("2")) {
    purchase(digits);
    company(digits);
  }
  validity(digits, isDay);
  if (digits.begins("5")) digits.sized("0123456789", 6);
  if (digits.begins("6")) digits.sized("1234567", 6);
  if (digits.begins("9")) for (const ok of ["01256", "012", "0123456789", "01"]) digits.oneOf(ok);
}

/** A purchase requirement, its kind and its family code. */
function purchase(digits: Digits): void {
  digits.sized("12345");
  digits.oneOf("012349");
  digits.take(3);
}

/** A company prefix, or 9 for the first purchase's. */
function company(digits: Digits): void {
  const size = digits.oneOf("01234569");
  digits.take(size === "9" ? 0 : Number(size) + 6);
}

function validity(digits: Digits, isDay: (day: string) => boolean): void {
  const last = digits.begins("3") ? digits.take(6) : undefined;
  const first = digits.begins("4") ? digits.take(6) : undefined;
  for (const day of [last, first]) if (day !== undefined && !isDay(day)) throw new Malformed();
  if (last !== undefined && first !== undefined && first > last) throw new Malformed();
}
