/**
 * What the site says of packing, as its settings reach the device. A setting of another build may be
 * of another shape: what cannot be read is left out, and the bench goes on without it.
 */
import type { CartonType } from "./cartons";

/** Setting `packing`; the server's own words for it stand in server/packing/shapes.py. */
export interface Packing {
  readonly blind: boolean;
  readonly quality: boolean;
  readonly weigh: boolean;
  readonly tolerance_percent: number;
  readonly tolerance_g: number;
  readonly print: boolean;
}

const USUAL: Packing = {
  blind: false,
  quality: true,
  weigh: true,
  tolerance_percent: 3,
  tolerance_g: 50,
  print: false,
};

export function packingOf(value: unknown): Packing {
  const said = (isRecord(value) ? value : {}) as Record<string, unknown>;
  const found = Object.entries(USUAL).map(([name, usual]) => {
    const own = said[name];
    return [name, typeof own === typeof usual ? own : usual];
  });
  return Object.fromEntries(found) as unknown as Packing;
}

/** A kind of carton with what it weighs empty, in g. */
export interface Carton extends CartonType {
  readonly tare: number;
}

/** Setting `cartons`: inner sizes in mm. */
export function cartonsOf(value: unknown): Carton[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap(each => {
    if (!isRecord(each)) return [];
    const { code, name, length_mm: l, width_mm: w, height_mm: h, max_g } = each;
    const { tare_g: tare = 0, fill = 85 } = each;
    const numbers = [l, w, h, max_g, fill];
    if (typeof code !== "string" || typeof name !== "string") return [];
    if (!numbers.every(isPositive) || typeof tare !== "number") return [];
    return [{ code, name, l, w, h, maxGrams: max_g, fill, tare } as Carton];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
