import { t } from "../../i18n";
import { Button, FullStop } from "../../ui";
import type { Carrier } from "./carrier";
import { left, type MoveLine, type Stop } from "./mover";
import { spokenMoveStop } from "./spoken";

interface MoveStopProps {
  stop: Stop;
  line: MoveLine;
  carrier: Carrier;
}

/** Says what was expected and what came. The right scan takes it away. */
export function MoveStop({ stop, line, carrier }: MoveStopProps) {
  const { title, expected, mend } = wordsOf(stop, line, carrier.at.value?.qty ?? 0);
  const spoken = spokenMoveStop(line, stop);
  return (
    <div data-testid="stop" data-why={stop.why}>
      <FullStop
        title={title}
        expected={expected}
        scanned={stop.scanned}
        {...(mend && { mend })}
        {...(spoken && { spoken })}
        actions={
          stop.why === "other_place" && (
            <Button data-testid="put-here" onClick={() => void carrier.putElsewhere(stop.scanned)}>
              {t("stock.putHere", { bin: stop.scanned })}
            </Button>
          )
        }
        onClose={() => carrier.clear()}
      />
    </div>
  );
}

interface Words {
  title: string;
  expected: string;
  mend?: string;
}

function wordsOf({ why }: Stop, line: MoveLine, counted: number): Words {
  const item = `${line.name} · ${line.sku}`;
  switch (why) {
    case "from":
    case "from_first":
      return {
        title: t("picker.wrongLocation"),
        expected: line.from_bin,
        mend: t("picker.goTo", { bin: line.from_bin }),
      };
    case "other_place":
      return {
        title: t("stock.otherPlace"),
        expected: line.to_bin,
        mend: t("stock.otherPlaceMend"),
      };
    case "not_a_place":
      return {
        title: t("stock.notAPlace"),
        expected: line.to_bin || t("stock.anyPlace"),
        mend: t("stock.scanAnyTo"),
      };
    case "wrong_lot":
    case "lot_missing":
      return { title: t("floor.wrongLot"), expected: t("floor.lotOf", { lot: line.lot }) };
    case "pack_too_large":
      return {
        title: t("floor.packTooLarge"),
        expected: t("floor.packWanted", { n: left(line) - counted }),
        mend: t("floor.packMend"),
      };
    case "doubtful":
      return { title: t("floor.doubtful"), expected: item, mend: t("floor.readLabel") };
    case "not_readable":
      return { title: t("floor.notReadable"), expected: item, mend: t("floor.notReadableMend") };
    default:
      return { title: t("floor.wrongItem"), expected: item };
  }
}
