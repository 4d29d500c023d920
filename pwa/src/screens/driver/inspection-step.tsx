import { t } from "../../i18n";
import type { Answered } from "../../pod/draft";
import { NOTE_LENGTH } from "../../pod/record";
import { Card, Choices, Field } from "../../ui";
import { type StepProps, StepScreen } from "./step";

const ANSWERS = ["yes", "no", "not_applicable"] as const;

/** The site's checklist, point by point; whatever is not right gets a note. */
export function InspectionStep(props: StepProps) {
  const { stop, draft, change } = props;
  const set = (code: string, said: Answered) =>
    change({ answers: { ...draft.answers, [code]: said } });
  return (
    <StepScreen {...props} title={t("driver.inspectionTitle")}>
      {stop.policy.checklist.map(({ code, text }) => (
        <Card key={code}>
          <div class="stack" data-testid={`check-${code}`}>
            <strong>{text}</strong>
            <Point said={draft.answers[code]} text={text} onChange={said => set(code, said)} />
          </div>
        </Card>
      ))}
    </StepScreen>
  );
}

interface PointProps {
  said: Answered | undefined;
  text: string;
  onChange: (said: Answered) => void;
}

function Point({ said, text, onChange }: PointProps) {
  return (
    <>
      <Choices
        label={text}
        value={said?.answer ?? null}
        options={ANSWERS.map(value => ({ value, label: t(`driver.answer_${value}`) }))}
        onChange={answer => onChange({ note: said?.note ?? "", answer })}
      />
      {said?.answer === "no" && (
        <Field
          label={t("driver.whatIsWrong")}
          value={said.note}
          maxLength={NOTE_LENGTH}
          onInput={note => onChange({ ...said, note })}
        />
      )}
    </>
  );
}
