import { formatNumber, type Key, t } from "../../i18n";

type Label = Extract<Key, `floor.fact${string}`>;

const LABELS: Readonly<Record<string, Label>> = {
  parcel: "floor.factParcel",
  bin: "floor.factBin",
  sku: "floor.factSku",
  qty: "floor.factQty",
  pieces: "floor.factQty",
  packed: "floor.factQty",
  found: "floor.factFound",
  over: "floor.factOver",
  lot: "floor.factLot",
  code: "floor.factCode",
  by: "floor.factBy",
};

export type Fact = readonly [name: string, value: string];

/** What an operation was about, for a person: its body with what the server added. */
export function keyFacts(...parts: readonly Readonly<Record<string, unknown>>[]): Fact[] {
  const all: Record<string, unknown> = Object.assign({}, ...parts);
  return Object.entries(LABELS).flatMap(([field, label]) => {
    const value = all[field];
    if (typeof value === "number") return [[t(label), formatNumber(value)] as const];
    return typeof value === "string" && value !== "" ? [[t(label), visible(value)] as const] : [];
  });
}

/** Control characters by their own signs (GS as ␝), so that a raw scan can be read. */
function visible(raw: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be shown.
  return raw.replace(/[\x00-\x1f]/g, each => String.fromCharCode(0x2400 + each.charCodeAt(0)));
}
