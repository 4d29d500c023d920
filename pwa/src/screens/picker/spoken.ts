/** What is said of a picking step: where, what, how many, wrong. Pure but for the language. */
import { t } from "../../i18n";
import { spelled } from "../../voice/speak";
import type { Line, Position, Stop } from "./walk";

/** `listens`: spoken check digits are taken in place of the location's scan. */
export function spokenStep(line: Line, at: Position, listens: boolean): string {
  switch (at.step) {
    case "where":
      return sentences(
        t("voice.go", { bin: spelled(line.bin) }),
        t(line.side === "R" ? "voice.right" : "voice.left", { level: line.level }),
        listens && t("voice.digits"),
      );
    case "what":
      return sentences(
        t("voice.pick", { n: line.qty, name: line.name }),
        line.lot && t("voice.lot", { lot: spelled(line.lot) }),
        line.held && t("floor.lotHeldWhy", { why: line.held }),
        line.weight_class === "heavy" && t("picker.heavy"),
        line.weight_class === "fragile" && t("picker.fragile"),
      );
    case "lot":
      return line.lot ? t("picker.scanLot", { lot: spelled(line.lot) }) : t("floor.scanAnyLot");
    case "expiry":
      return t("floor.scanExpiry");
    case "serial":
      return t("floor.scanSerial");
    default:
      return at.counted > 0 && at.counted < line.qty
        ? t("voice.more", { n: line.qty - at.counted })
        : t("picker.scanEach");
  }
}

/** Of a wrong place only, whose code must be spelled; the rest is said as it is written. */
export function spokenStop(line: Line, { why }: Stop): string | undefined {
  return why === "location" ? t("voice.wrongPlace", { bin: spelled(line.bin) }) : undefined;
}

export function sentences(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
