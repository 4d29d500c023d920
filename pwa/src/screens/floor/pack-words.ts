import { t } from "../../i18n";
import { inPacks, type WantedItem } from "./item-scan";

/** "2 packs of 24 and 1 single": how so many pieces are taken; nothing where no pack fits. */
export function packWords(qty: number, item: Pick<WantedItem, "packs">): string {
  const found = inPacks(qty, item);
  if (!found) return "";
  const packs = t("floor.packsOf", { n: found.whole, size: found.size });
  return found.single > 0 ? t("floor.packsAnd", { packs, n: found.single }) : packs;
}
