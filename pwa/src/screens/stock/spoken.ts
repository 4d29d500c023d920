/** What is said of moving and counting: from where, what, how many, to where. */
import { t } from "../../i18n";
import { spelled } from "../../voice/speak";
import { sentences } from "../picker/spoken";
import { type CountLine, openLines } from "./counter";
import { left, type MoveLine, type Position, type Stop } from "./mover";

export function spokenMove(line: MoveLine, at: Position, listens: boolean): string {
  switch (at.step) {
    case "from":
      return sentences(
        t("voice.go", { bin: spelled(line.from_bin) }),
        listens && t("voice.digits"),
      );
    case "item":
      return sentences(
        t("voice.take", { n: left(line), name: line.name }),
        line.lot && t("voice.lot", { lot: spelled(line.lot) }),
      );
    case "lot":
      return t("picker.scanLot", { lot: spelled(line.lot) });
    case "quantity":
      return t("voice.more", { n: left(line) - at.qty });
    default:
      if (line.to_bin === "") return t("voice.bringAnywhere", { n: at.qty });
      return sentences(
        t("voice.bring", { n: at.qty, bin: spelled(line.to_bin) }),
        listens && t("voice.digits"),
      );
  }
}

/** Of wrong places only, whose codes must be spelled; the rest is said as it is written. */
export function spokenMoveStop(line: MoveLine, { why }: Stop): string | undefined {
  return why === "from" ? t("voice.wrongPlace", { bin: spelled(line.from_bin) }) : undefined;
}

export function spokenCount(
  bin: string,
  there: boolean,
  lines: readonly CountLine[],
  listens: boolean,
): string {
  if (!there) return sentences(t("voice.go", { bin: spelled(bin) }), listens && t("voice.digits"));
  if (openLines(lines).length > 0) return t("voice.count", { bin: spelled(bin) });
  return t("stock.anythingElse");
}
