import { useEffect } from "preact/hooks";
import { formatTime, t } from "../../i18n";
import { NAME_LENGTH } from "../../pod/record";
import { Badge, Card, Field, SignaturePad } from "../../ui";
import { OwnPhone } from "./own-phone";
import { type StepProps, StepScreen } from "./step";
import { signedWords } from "./words";

/** Who took the goods, and their signature on glass: here, or on a phone of their own. */
export function ReceiverStep(props: StepProps) {
  const { stop, draft, policy, filled, change } = props;
  const signed = stop.signed;
  useEffect(() => {
    if (!signed) return;
    const said = signed.pin === "ok" && draft.pin !== "ok";
    if (said || signed.receiver !== draft.receiver)
      change({ receiver: signed.receiver, ...(said && { pin: "ok" as const }) });
  }, [signed]);
  return (
    <StepScreen {...props} title={t("driver.receiverTitle")}>
      <Field
        label={t("driver.receiver")}
        value={draft.receiver}
        onInput={receiver => change({ receiver })}
        maxLength={NAME_LENGTH}
        name="receiver"
        required={policy.receiver === "mandatory"}
      />
      {signed ? (
        <Card>
          <div class="stack" data-testid="signed-there">
            <div>
              <Badge tone="right">
                {t("driver.signedThere", { person: signed.receiver, at: formatTime(signed.at) })}
              </Badge>
            </div>
          </div>
        </Card>
      ) : (
        policy.signature !== "off" && (
          <>
            <p data-testid="sign-words">{signedWords(stop, filled)}</p>
            <SignaturePad
              strokes={draft.strokes}
              onChange={strokes => change({ strokes })}
              label={t("driver.signHere")}
            />
            {policy.signature === "optional" && <p class="soft">{t("driver.signOptional")}</p>}
            <OwnPhone {...props} />
          </>
        )
      )}
    </StepScreen>
  );
}
