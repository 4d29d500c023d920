import { t } from "../../i18n";
import { REASONS } from "../../pod/policy";
import { Choices } from "../../ui";
import { type StepProps, StepScreen } from "./step";
import { CLOSED, reasonWord } from "./words";

/** Why not all of it was handed over. */
export function ReasonStep(props: StepProps) {
  const { filled, draft, change } = props;
  const reasons: readonly string[] = REASONS[filled.outcome];
  return (
    <StepScreen {...props} title={t("driver.reasonTitle")} subtitle={t(CLOSED[filled.outcome])}>
      <div data-testid="what">
        <Choices
          label={t("driver.reason")}
          value={draft.reason}
          options={reasons.map(value => ({ value, label: reasonWord(value) }))}
          onChange={reason => change({ reason })}
        />
      </div>
    </StepScreen>
  );
}
