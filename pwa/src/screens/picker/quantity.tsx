import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Dialog, Keypad, Prompt, Screen } from "../../ui";
import { Alert } from "../floor/alert";
import { shortPath } from "./places";
import type { Line } from "./walk";
import type { Walker } from "./walker";

const DIGITS = 6;

interface QuantityPadProps {
  line: Line;
  walker: Walker;
  onBack: () => void;
}

/** How many, by keypad, after one piece was scanned. Scans go on counting meanwhile. */
export function QuantityPad({ line, walker, onBack }: QuantityPadProps) {
  const [value, setValue] = useState("");
  const counted = walker.at.value?.counted ?? 0;
  return (
    <Screen
      title={line.bin}
      back={onBack}
      actions={
        <Keypad
          label={t("ui.howMany")}
          value={value}
          onChange={setValue}
          onSubmit={() => void walker.amount(Number(value))}
          submitLabel={value === "" ? t("common.ok") : t("picker.take", { n: Number(value) })}
          maxLength={DIGITS}
        />
      }
    >
      {walker.note.value === "too_many" ? (
        <Alert id="too-many">{t("picker.tooMany", { n: line.qty })}</Alert>
      ) : (
        <Prompt icon="keys">{t("picker.howMany", { name: line.name, n: line.qty })}</Prompt>
      )}
      <p class="soft number">{t("picker.counted", { n: counted })}</p>
    </Screen>
  );
}

/** Fewer than asked were typed: that is a short pick, or a slip of the finger. */
export function Fewer({
  line,
  found,
  onClose,
}: {
  line: Line;
  found: number;
  onClose: () => void;
}) {
  const report = () => {
    onClose();
    navigate(shortPath(line, found));
  };
  return (
    <Dialog
      title={t("picker.fewerAsk", { found, asked: line.qty })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" icon="warn" data-testid="report-short" onClick={report}>
            {t("picker.reportShort")}
          </Button>
          <Button onClick={onClose}>{t("common.back")}</Button>
        </>
      }
    >
      <p>{t("picker.fewerHint")}</p>
    </Dialog>
  );
}
