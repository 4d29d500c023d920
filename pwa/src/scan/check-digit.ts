const GTIN_AND_SSCC_LENGTHS = new Set([8, 12, 13, 14, 18]);

/**
 * Whether a code is all digits, as long as a GTIN or an SSCC, and ends in its right check digit
 * (GS1 General Specifications, section 7.9: weights 3 and 1 from the right).
 */
export function hasCheckDigit(raw: string): boolean {
  if (!/^\d+$/.test(raw) || !GTIN_AND_SSCC_LENGTHS.has(raw.length)) return false;
  const digits = [...raw].map(Number).reverse();
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}
