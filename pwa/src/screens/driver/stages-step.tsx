import { formatTime, t } from "../../i18n";
import { NAME_LENGTH } from "../../pod/record";
import { Badge, Button, Card, Field } from "../../ui";
import { type StepProps, StepScreen } from "./step";

/** Acceptance in stages, each by name and with its time: unloaded, set up, tried out. */
export function StagesStep(props: StepProps) {
  const { stop, draft, change } = props;
  const pass = (code: string) => {
    const by = draft.receiver.trim();
    change({ stages: { ...draft.stages, [code]: { by, at: Date.now() } } });
  };
  return (
    <StepScreen {...props} title={t("driver.stagesTitle")}>
      <Field
        label={t("driver.acceptedBy")}
        value={draft.receiver}
        onInput={receiver => change({ receiver })}
        maxLength={NAME_LENGTH}
        name="accepted-by"
      />
      {stop.policy.stages.map(({ code, text }) => {
        const passed = draft.stages[code];
        return (
          <Card key={code}>
            <div class="stack">
              <strong>{text}</strong>
              {passed ? (
                <div>
                  <Badge tone="right">
                    {t("driver.stagePassed", { at: formatTime(passed.at), by: passed.by || "–" })}
                  </Badge>
                </div>
              ) : (
                <Button icon="check" data-testid={`stage-${code}`} onClick={() => pass(code)}>
                  {t("driver.passStage")}
                </Button>
              )}
            </div>
          </Card>
        );
      })}
    </StepScreen>
  );
}
