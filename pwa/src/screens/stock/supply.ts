/** Stock as the server tells it. */
import type { Tone } from "../../ui";

/** One lot in one place. */
export interface Place {
  readonly bin: string;
  readonly kind: string;
  readonly lot: string;
  readonly expiry: string;
  readonly qty: number;
  readonly allocated: number;
  /** Why the lot may not leave, or nothing. */
  readonly held: string;
}

export type Supply = "plenty" | "low" | "short";

export interface StockItem {
  readonly sku: string;
  readonly name: string;
  readonly qty: number;
  readonly allocated: number;
  readonly available: number;
  readonly supply: Supply;
  readonly places: readonly Place[];
}

const TONES: Readonly<Record<Supply, Tone>> = { plenty: "right", low: "warn", short: "wrong" };

export function supplyTone(supply: Supply): Tone {
  return TONES[supply];
}
