import type { Scan } from "../../scan/resolve";

/** What to search for after a scan; null for what is no order's. */
export function searchText(scan: Scan): string | null {
  if (scan.kind === "refused" || scan.kind === "badge" || scan.kind === "location") return null;
  return scan.gtin ?? scan.sscc ?? scan.text.replaceAll("\u001d", "").slice(0, 100);
}
