import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { pinFits } from "../../pod/pin";
import { feedback } from "../../scan/feedback";
import { Badge, Keypad, Prompt } from "../../ui";
import { type StepProps, StepScreen } from "./step";

const DIGITS = 12;
const MOST_TRIES = 99;

/** The receiver says a PIN that only they were told; it is checked here and kept nowhere. */
export function PinStep(props: StepProps) {
  const { stop, draft, change } = props;
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const { pin } = stop;
  const check = async () => {
    if (!pin) return;
    setBusy(true);
    const fits = await pinFits(said, pin).finally(() => setBusy(false));
    feedback(fits ? "right" : "wrong");
    setSaid("");
    const pinTries = Math.min(MOST_TRIES, draft.pinTries + 1);
    change({ pin: fits ? "ok" : "wrong", pinTries });
  };
  return (
    <StepScreen {...props} title={t("driver.pinTitle")}>
      {draft.pin === "ok" ? (
        <div data-testid="pin-ok">
          <Badge tone="right">{t("driver.pinRight")}</Badge>
        </div>
      ) : pin ? (
        <>
          <Prompt icon={draft.pin === "wrong" ? "warn" : "person"}>
            {t(draft.pin === "wrong" ? "driver.pinWrong" : "driver.pinAsk")}
          </Prompt>
          <Keypad
            label={t("driver.pin")}
            value={said}
            onChange={setSaid}
            onSubmit={() => void check()}
            maxLength={DIGITS}
            disabled={busy}
            masked
          />
        </>
      ) : (
        <Prompt icon="warn">{t("driver.pinNotIssued")}</Prompt>
      )}
    </StepScreen>
  );
}
