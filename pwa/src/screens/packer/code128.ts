/**
 * Code 128 (ISO/IEC 15417), code sets B and C, drawn on the device: a label must not wait for a
 * network. Widths are modules: bar, space, bar, space …
 */
const WIDTHS =
  `212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
  122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
  321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
  211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
  213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
  121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
  241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
  412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
  211214 211232 2331112`.split(/\s+/);

const CODE_C = 99;
const CODE_B = 100;
const FNC1 = 102;
const START_B = 104;
const START_C = 105;
const STOP = 106;
const CHECK = 103;

/** Fewer digits than this are no shorter in set C, with its change there and back. */
const WORTH_C = 4;

/** Symbol values from the start sign to the stop sign. Takes ASCII 32 to 126; else `RangeError`. */
export function code128Values(text: string): number[] {
  const values: number[] = [];
  let inC = digitsAt(text, 0) >= WORTH_C;
  values.push(inC ? START_C : START_B);
  for (let at = 0; at < text.length; ) {
    const digits = digitsAt(text, at);
    if (inC && digits < 2) values.push(CODE_B);
    // An odd digit goes before the change, so that pairs are left.
    else if (!inC && digits >= WORTH_C && digits % 2 === 0) values.push(CODE_C);
    inC = inC ? digits >= 2 : digits >= WORTH_C && digits % 2 === 0;
    values.push(inC ? Number(text.slice(at, at + 2)) : valueB(text, at));
    at += inC ? 2 : 1;
  }
  return [...values, checksum(values), STOP];
}

/** Widths of bars and spaces in turn, the first a bar; no quiet zone. */
export function code128Widths(text: string): number[] {
  return code128Values(text).flatMap(widthsOf);
}

/**
 * GS1-128 (GS1 General Specifications 5.4) of an SSCC: FNC1 behind the start sign, then the
 * application identifier 00 and the 18 digits, in pairs.
 */
export function ssccValues(sscc: string): number[] {
  if (!/^\d{18}$/.test(sscc)) throw new RangeError("an SSCC has 18 digits");
  const pairs = `00${sscc}`.match(/../g) ?? [];
  const values = [START_C, FNC1, ...pairs.map(Number)];
  return [...values, checksum(values), STOP];
}

export function ssccWidths(sscc: string): number[] {
  return ssccValues(sscc).flatMap(widthsOf);
}

/** Whether a number is an SSCC, which GS1-128 carries; others are numbers of the house. */
export function isSscc(number: string): boolean {
  return /^\d{18}$/.test(number);
}

function widthsOf(value: number): number[] {
  return [...(WIDTHS[value] ?? "")].map(Number);
}

function digitsAt(text: string, at: number): number {
  return /^\d*/.exec(text.slice(at))?.[0].length ?? 0;
}

function valueB(text: string, at: number): number {
  const value = text.charCodeAt(at) - 32;
  if (value < 0 || value > 94)
    throw new RangeError(`Code 128 B has no character ${at} of the text`);
  return value;
}

function checksum(values: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * Math.max(1, i)) % CHECK;
}
