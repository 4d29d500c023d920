/**
 * What may be booked at a scan: lot, expiry and serial number where the item asks for them. The
 * twin of the server's `inventory/rules.py`, held to it by `tests/vectors/booking.json`.
 */
export type LotChange = "never" | "same_or_later_expiry" | "any";

export type Tracked = "lot" | "expiry" | "serial";

export type Verdict =
  | "book"
  | "change_lot"
  | `${Tracked}_missing`
  | "serial_repeated"
  | "expired"
  | "wrong_lot";

/** What the line asks for, and what its item asks to be scanned. */
export interface Asked {
  readonly lot?: string;
  /** ISO date. */
  readonly expiry?: string;
  readonly tracks?: readonly string[];
  readonly lot_change?: LotChange;
}

/** What the label said; `serials`: those booked on the line before this piece. */
export interface Scanned {
  readonly lot?: string;
  readonly expiry?: string;
  readonly serial?: string;
  readonly serials?: readonly string[];
}

/** `today`: ISO date. Goods are good through the day of their expiry; expired comes first. */
export function checkBooking(asked: Asked, scanned: Scanned, today: string): Verdict {
  const tracks = asked.tracks ?? [];
  const isAskedLot = (scanned.lot ?? "") === (asked.lot ?? "");
  const expiry = scanned.expiry || (isAskedLot ? asked.expiry : "") || "";
  if (expiry && expiry < today) return "expired";
  if ((tracks.includes("lot") || asked.lot) && !scanned.lot) return "lot_missing";
  if (tracks.includes("expiry") && !expiry) return "expiry_missing";
  const isOther = Boolean(asked.lot && scanned.lot && !isAskedLot);
  if (isOther && !mayChange(asked, expiry)) return "wrong_lot";
  return serial(tracks, scanned) ?? (isOther ? "change_lot" : "book");
}

function mayChange({ lot_change: rule = "never", expiry: wanted = "" }: Asked, expiry: string) {
  if (rule === "any") return true;
  return rule === "same_or_later_expiry" && expiry !== "" && expiry >= wanted;
}

function serial(tracks: readonly string[], scanned: Scanned): Verdict | undefined {
  if (!tracks.includes("serial")) return undefined;
  if (!scanned.serial) return "serial_missing";
  return scanned.serials?.includes(scanned.serial) ? "serial_repeated" : undefined;
}

/** The site's rule as it is set; anything else means never. */
export function lotChange(setting: unknown): LotChange {
  return setting === "any" || setting === "same_or_later_expiry" ? setting : "never";
}

/** A day as it is typed off a label: 2026-08-01, or 260801 as GS1 writes it; day 00 is the last. */
export function readDay(text: string): string | undefined {
  const found = /^(?:20)?(\d\d)[-./]?(\d\d)[-./]?(\d\d)$/.exec(text.trim());
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const at =
    day === 0
      ? new Date(Date.UTC(2000 + year, month, 0))
      : new Date(Date.UTC(2000 + year, month - 1, day));
  const isReal = month >= 1 && month <= 12 && at.getUTCMonth() === month - 1;
  return isReal ? at.toISOString().slice(0, 10) : undefined;
}
