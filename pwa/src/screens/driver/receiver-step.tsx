import { t } from "../../i18n";
import { NAME_LENGTH } from "../../pod/record";
import { Field, SignaturePad } from "../../ui";
import { type StepProps, StepScreen } from "./step";

/** Who took the goods, and their signature on glass. */
export function ReceiverStep(props: StepProps) {
  const { draft, policy, change } = props;
  return (
    <StepScreen {...props} title={t("driver.receiverTitle")}>
      <Field
        label={t("driver.receiver")}
        value={draft.receiver}
        onInput={receiver => change({ receiver })}
        maxLength={NAME_LENGTH}
        name="receiver"
        required={policy.receiver === "must"}
      />
      <SignaturePad
        strokes={draft.strokes}
        onChange={strokes => change({ strokes })}
        label={t("driver.signHere")}
      />
      {policy.signature !== "must" && <p class="soft">{t("driver.signOptional")}</p>}
    </StepScreen>
  );
}
