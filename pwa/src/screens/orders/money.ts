import { formatNumber } from "../../i18n";

/** `total` in the currency's smallest unit. */
export function money(total: number, currency: string): string {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return formatNumber(total / 10 ** maximumFractionDigits, { style: "currency", currency });
}
