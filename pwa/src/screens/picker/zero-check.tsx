import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { dispatch, replica } from "../../sync";
import { Button, Dialog, Keypad } from "../../ui";
import { saved } from "../floor/saved";
import type { Line } from "./walk";
import type { Walker } from "./walker";

/** By the books the bin is empty now. What still lies there is counted by somebody else. */
function ZeroCheckAsk({ line, onClose }: { line: Line; onClose: () => void }) {
  const [found, setFound] = useState<string | null>(null);
  const say = async (empty: boolean, left: number) => {
    const { task, no, bin, sku } = line;
    const epoch = replica.row("task", task).value?.epoch ?? 0;
    const body = { task, line: no, bin, sku, empty, found: left, epoch };
    if (!(await saved(() => dispatch("picking.zero_check", body)))) return;
    feedback("right");
    onClose();
  };
  if (found !== null)
    return (
      <Dialog
        title={t("picker.zeroHowMany", { bin: line.bin })}
        actions={
          <Keypad
            label={t("picker.zeroHowMany", { bin: line.bin })}
            value={found}
            onChange={setFound}
            onSubmit={() => void say(false, Number(found))}
            submitLabel={t("common.ok")}
            maxLength={6}
          />
        }
      />
    );
  return (
    <Dialog
      title={t("picker.zeroAsk", { bin: line.bin })}
      actions={
        <>
          <Button kind="primary" data-testid="zero-yes" onClick={() => void say(true, 0)}>
            {t("picker.zeroYes")}
          </Button>
          <Button data-testid="zero-no" onClick={() => setFound("")}>
            {t("picker.zeroNo")}
          </Button>
        </>
      }
    >
      <p>{t("picker.zeroHint", { name: line.name })}</p>
    </Dialog>
  );
}

/** The question of an emptied bin, while it stands. */
export function Asked({ walker }: { walker: Walker }) {
  const line = walker.zero.value;
  if (!line) return null;
  const close = () => {
    walker.zero.value = null;
  };
  return <ZeroCheckAsk key={line.no} line={line} onClose={close} />;
}
