// SGTIN-96: the GTIN and serial number an RFID tag holds, as a reader types it in hexadecimal.
// Twin of server/kernel/epc.py.

import type { Element } from "./gs1";
import { checkDigit } from "./gs1-checks";

const SGTIN_96 = /^(?![0-9]+$)30[0-9A-Fa-f]{22}$/;
const COMPANY_BITS = [40, 37, 34, 30, 27, 24, 20];
const BOTH_BITS = 44;
const HEADER_BITS = 14;

/** AIs 01 and 21 of 24 hexadecimal digits; undefined when they are no SGTIN-96. */
export function parseSgtin(text: string): Element[] | undefined {
  if (!SGTIN_96.test(text)) return undefined;
  const bits = BigInt(`0x${text}`).toString(2).padStart(96, "0");
  const number = (from: number, to: number) => BigInt(`0b${bits.slice(from, to)}`).toString();
  const partition = Number(number(HEADER_BITS - 3, HEADER_BITS));
  const companyBits = COMPANY_BITS[partition];
  if (companyBits === undefined) return undefined;
  const middle = HEADER_BITS + companyBits;
  const company = number(HEADER_BITS, middle).padStart(12 - partition, "0");
  const item = number(middle, HEADER_BITS + BOTH_BITS).padStart(partition + 1, "0");
  if (company.length + item.length !== 13) return undefined;
  const payload = item.slice(0, 1) + company + item.slice(1);
  return [
    { ai: "01", value: payload + checkDigit(payload) },
    { ai: "21", value: number(HEADER_BITS + BOTH_BITS, 96) },
  ];
}
