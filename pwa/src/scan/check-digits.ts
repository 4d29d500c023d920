// Twin of server/kernel/check_digits.py, which explains it; tests/vectors/check_digits.json holds both.

const PRIME = 97;
const GENERATOR = 5;

/** The two digits on a location's label beside its code: who says them has looked at it. */
export function checkDigits(code: string): string {
  let rest = 0;
  for (const character of code.toUpperCase().replace(/[^0-9A-Z]/g, "")) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value < 10 ? 10 : 100) + value) % PRIME;
  }
  let mixed = rest === PRIME - 1 ? 0 : 1;
  for (let i = 0; mixed && i < rest; i++) mixed = (mixed * GENERATOR) % PRIME;
  return String(mixed).padStart(2, "0");
}

/** Whether a person has typed or said check digits, and no code. */
export function isCheckDigits(text: string): boolean {
  return /^[0-9]{2}$/.test(text.trim());
}
