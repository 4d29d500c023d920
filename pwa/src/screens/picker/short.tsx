import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { Button, Choices, Keypad, type Photo, Prompt, Screen, toast } from "../../ui";
import { Alert } from "../floor/alert";
import type { Task } from "../floor/tasks";
import { taskPath } from "./places";
import { EvidenceStep } from "./short-evidence";
import type { Line } from "./walk";
import { walkerOf } from "./walker";

const REASONS = {
  missing: "picker.missing",
  damaged: "picker.damaged",
  wrong_item: "picker.wrongItemThere",
  blocked: "picker.blocked",
  unreadable: "picker.unreadable",
  other: "picker.other",
} as const;

type Reason = keyof typeof REASONS;

interface ShortReportProps {
  task: Task;
  line: Line | undefined;
  /** Digits that were typed already. */
  found: string;
}

export interface Draft {
  reason: Reason | null;
  found: string;
  note: string;
  photos: readonly Photo[];
}

/** Less than asked is there: why, how many were taken, and what it looks like. */
export function ShortReport({ task, line, found }: ShortReportProps) {
  const [draft, setDraft] = useState<Draft>({ reason: null, found, note: "", photos: [] });
  const [step, setStep] = useState<"reason" | "found" | "evidence">("reason");
  const back = () => navigate(taskPath(task.id), { replace: true });
  const change = (fields: Partial<Draft>) => setDraft(before => ({ ...before, ...fields }));
  useScans(() => feedback("wrong"));
  if (line?.state !== "open") return <Closed onBack={back} />;
  const shared = { line, draft, change };
  if (step === "reason")
    return <ReasonStep {...shared} onBack={back} onNext={() => setStep("found")} />;
  if (step === "found")
    return (
      <FoundStep
        {...shared}
        onBack={() => setStep("reason")}
        onNext={() => setStep("evidence")}
        onAll={back}
      />
    );
  return <EvidenceStep {...shared} task={task} onBack={() => setStep("found")} onDone={back} />;
}

/** Somebody else accounted for the line meanwhile. */
function Closed({ onBack }: { onBack: () => void }) {
  return (
    <Screen
      title={t("picker.shortTitle")}
      back={onBack}
      actions={
        <Button kind="primary" onClick={onBack}>
          {t("common.back")}
        </Button>
      }
    >
      <p>{t("errors.already_done")}</p>
    </Screen>
  );
}

export interface StepProps {
  line: Line;
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  onBack: () => void;
}

function ReasonStep({ line, draft, change, onBack, onNext }: StepProps & { onNext: () => void }) {
  const { reason } = draft;
  const skip = () => {
    const skipped = walkerOf(line.task).skip();
    if (skipped) toast(t("picker.skipped", { bin: skipped.bin }));
    onBack();
  };
  const walker = walkerOf(line.task);
  const maySkip = walker.line.value?.no === line.no && walker.ahead.value.length > 1;
  return (
    <Screen
      title={t("picker.shortTitle")}
      subtitle={`${line.bin} · ${line.name}`}
      back={onBack}
      actions={
        <>
          {reason === "blocked" && maySkip && (
            <Button icon="next" onClick={skip}>
              {t("picker.skipFirst")}
            </Button>
          )}
          <Button
            kind="primary"
            data-testid="short-next"
            disabled={reason === null}
            onClick={onNext}
          >
            {t("common.next")}
          </Button>
        </>
      }
    >
      <Choices
        label={t("picker.shortTitle")}
        value={reason}
        options={(Object.keys(REASONS) as Reason[]).map(value => ({
          value,
          label: t(REASONS[value]),
        }))}
        onChange={value => change({ reason: value })}
      />
      {reason === "blocked" && <p class="soft">{t("picker.blockedHint")}</p>}
      {reason === "unreadable" && <p class="soft">{t("picker.unreadableHint")}</p>}
    </Screen>
  );
}

interface FoundStepProps extends StepProps {
  onNext: () => void;
  onAll: () => void;
}

function FoundStep({ line, draft, change, onBack, onNext, onAll }: FoundStepProps) {
  const found = Number(draft.found);
  const all = draft.found !== "" && found >= line.qty;
  return (
    <Screen
      title={t("picker.foundTitle")}
      subtitle={line.bin}
      back={onBack}
      actions={
        all ? (
          <Keys draft={draft} change={change} onSubmit={onAll} label={t("common.back")} />
        ) : (
          <Keys draft={draft} change={change} onSubmit={onNext} label={t("common.next")} />
        )
      }
    >
      <Prompt icon="keys">{t("picker.foundHint", { name: line.name, qty: line.qty })}</Prompt>
      {all && (
        <Alert id="found-all">
          {found > line.qty ? t("picker.tooMany", { n: line.qty }) : t("picker.foundAll")}
        </Alert>
      )}
    </Screen>
  );
}

interface KeysProps {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  onSubmit: () => void;
  label: string;
}

function Keys({ draft, change, onSubmit, label }: KeysProps) {
  return (
    <Keypad
      label={t("picker.foundTitle")}
      value={draft.found}
      onChange={found => change({ found })}
      onSubmit={onSubmit}
      submitLabel={label}
      maxLength={6}
    />
  );
}
