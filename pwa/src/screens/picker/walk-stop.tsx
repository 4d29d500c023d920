import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, FullStop } from "../../ui";
import type { Task } from "../floor/tasks";
import { shortPath } from "./places";
import { spokenStop } from "./spoken";
import type { Line, Stop } from "./walk";
import type { Walker } from "./walker";

interface Words {
  title: string;
  expected: string;
  mend?: string;
}

interface StopScreenProps {
  stop: Stop;
  line: Line;
  task: Task;
  walker: Walker;
}

/** Says what was expected and what came. The right scan takes it away. */
export function StopScreen({ stop, line, walker }: StopScreenProps) {
  const { title, expected, mend } = wordsOf(stop, line, walker.at.value?.counted ?? 0);
  const spoken = spokenStop(line, stop);
  const problem = () => {
    walker.clear();
    navigate(shortPath(line));
  };
  return (
    <div data-testid="stop" data-why={stop.why}>
      <FullStop
        title={title}
        expected={expected}
        scanned={scannedWords(stop)}
        {...(mend && { mend })}
        {...(spoken && { spoken })}
        actions={
          stop.why === "change_lot" ? (
            <Button data-testid="take-lot" onClick={() => void walker.takeLot()}>
              {t("floor.takeLot", { lot: stop.offered?.lot ?? "" })}
            </Button>
          ) : stop.why === "doubtful" ? (
            <Button data-testid="label-right" onClick={() => void walker.labelIsRight()}>
              {t("floor.doubtfulYes")}
            </Button>
          ) : (
            <Button icon="warn" onClick={problem}>
              {t("picker.problem")}
            </Button>
          )
        }
        onClose={() => walker.clear()}
      />
    </div>
  );
}

function scannedWords({ why, scanned }: Stop): ComponentChildren {
  return why === "doubtful" ? t("floor.reads", { value: scanned }) : scanned;
}

const MISSING = {
  expiry_missing: "noExpiry",
  serial_missing: "noSerial",
  serial_repeated: "sameSerial",
} as const;

function wordsOf({ why }: Stop, line: Line, counted: number): Words {
  const item = line.lot ? `${line.name} · ${t("floor.lotOf", { lot: line.lot })}` : line.name;
  switch (why) {
    case "location":
      return {
        title: t("picker.wrongLocation"),
        expected: line.bin,
        mend: t("picker.goTo", { bin: line.bin }),
      };
    case "location_first":
      return {
        title: t("picker.wrongLocation"),
        expected: line.bin,
        mend: t("picker.scanBinFirst", { bin: line.bin }),
      };
    case "expiry_missing":
    case "serial_missing":
    case "serial_repeated":
      return { title: t(`floor.${MISSING[why]}`), expected: item, mend: t("floor.readLabel") };
    case "change_lot":
      return {
        title: t("floor.otherLot"),
        expected: t("floor.lotOf", { lot: line.lot }),
        mend: t("floor.otherLotMend"),
      };
    case "wrong_lot":
    case "lot_missing":
      return { title: t("floor.wrongLot"), expected: t("floor.lotOf", { lot: line.lot }) };
    case "lot_held":
      return {
        title: t("floor.lotHeld"),
        expected: t("floor.lotHeldNot", { lot: line.lot, why: line.held }),
        mend: t("floor.lotHeldMend"),
      };
    case "pack_too_large":
      return {
        title: t("floor.packTooLarge"),
        expected: t("floor.packWanted", { n: line.qty - counted }),
        mend: t("floor.packMend"),
      };
    case "expired":
      return { title: t("floor.expired"), expected: item, mend: t("floor.expiredMend") };
    case "doubtful":
      return { title: t("floor.doubtful"), expected: item, mend: t("floor.doubtfulMend") };
    case "not_readable":
      return { title: t("floor.notReadable"), expected: item, mend: t("floor.notReadableMend") };
    default:
      return { title: t("floor.wrongItem"), expected: `${item} · ${line.sku}` };
  }
}
