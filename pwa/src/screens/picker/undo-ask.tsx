import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { Button, Dialog, toast } from "../../ui";
import type { Line } from "./walk";
import type { Walker } from "./walker";

/** The last step is taken back: first the pieces go back to where they were. */
function UndoAsk({ line, walker, onClose }: { line: Line; walker: Walker; onClose: () => void }) {
  const go = async () => {
    if (await walker.undoLast()) {
      feedback("right");
      toast(t("picker.undone", { bin: line.bin }), { tone: "right" });
    }
    onClose();
  };
  return (
    <Dialog
      title={t("picker.undoAsk", { name: line.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" icon="undo" data-testid="undo-yes" onClick={() => void go()}>
            {t("picker.undoLast")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>
        {line.picked > 0
          ? t("picker.undoHint", { n: line.picked, bin: line.bin })
          : t("picker.undoNone", { bin: line.bin })}
      </p>
    </Dialog>
  );
}

/** Closes by itself when there is nothing to take back any more. */
export function Undo({ walker, onClose }: { walker: Walker; onClose: () => void }) {
  const last = walker.undoable;
  return last ? <UndoAsk line={last} walker={walker} onClose={onClose} /> : null;
}
