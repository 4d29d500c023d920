import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { dispatch, replica, useRows } from "../../sync";
import { Button, Choices, Keypad, Prompt, Screen, toast } from "../../ui";
import { Alert } from "../floor/alert";
import { saved } from "../floor/saved";
import type { Task } from "../floor/tasks";
import { CureStep } from "./cure-step";
import { taskPath } from "./places";
import { PutInto } from "./put-tote";
import { EvidenceStep } from "./short-evidence";
import { type Draft, REASONS, type Reason, type StepProps } from "./shortage";
import { type Tote, totesOf } from "./totes";
import type { Line } from "./walk";
import { walkerOf } from "./walker";

interface ShortReportProps {
  task: Task;
  line: Line | undefined;
  /** Digits that were typed already. */
  found: string;
}

type ReportStep = "reason" | "found" | "tote" | "evidence" | "cure";

/** Less than asked is there: why, how many were taken, and what it looks like. */
export function ShortReport({ task, line, found }: ShortReportProps) {
  const [draft, setDraft] = useState<Draft>({
    ...NOTHING,
    reason: line?.held ? "held" : null,
    found: numbersTaken(line) ?? found,
  });
  const [step, setStep] = useState<ReportStep>("reason");
  const totes = totesOf(task.id, useRows("tote"));
  const done = () => navigate(taskPath(task.id), { replace: true });
  const change = (fields: Partial<Draft>) => setDraft(before => ({ ...before, ...fields }));
  useScans(({ raw }) => {
    if (draft.reason !== "wrong_item") return feedback("wrong");
    change({ other: raw });
    feedback("right");
  });
  if (line?.state !== "open") return <Closed onBack={done} />;
  const tote = toteOfFound(task, line, totes);
  const steps = reportSteps(line, tote !== undefined && Number(draft.found) > 0);
  const to = (by: 1 | -1) => () => setStep(steps[steps.indexOf(step) + by] ?? step);
  const shared = { line, draft, change, onBack: to(-1), onNext: to(1) };
  const qty = Number(draft.found);
  const inTote = (code: string) => {
    change({ tote: code });
    feedback("right");
    to(1)();
  };
  switch (step) {
    case "reason":
      return <ReasonStep {...shared} onBack={done} />;
    case "found":
      return <FoundStep {...shared} onAll={done} />;
    case "tote":
      if (tote)
        return (
          <PutInto
            {...{ task, totes, tote, qty }}
            {...{ name: line.name, back: to(-1), onRight: inTote }}
          />
        );
      break;
    case "cure":
      return (
        <CureStep {...shared} epoch={task.epoch} onBack={() => setStep("evidence")} onDone={done} />
      );
  }
  return <EvidenceStep {...shared} task={task} onDone={done} onCure={() => setStep("cure")} />;
}

const NOTHING: Draft = { reason: null, found: "", note: "", photos: [], other: "", tote: "" };

/** Pieces with a number of their own were scanned one by one: nobody types how many they are. */
function numbersTaken(line: Line | undefined): string | undefined {
  if (!line?.tracks.includes("serial")) return undefined;
  return String(walkerOf(line.task).inHand(line).serials.length);
}

/** What is asked before the note and the photos. `putsAway`: what was found goes into a tote. */
export function reportSteps({ tracks }: Line, putsAway: boolean): ReportStep[] {
  const found: ReportStep[] = tracks.includes("serial") ? [] : ["found"];
  return ["reason", ...found, ...(putsAway ? ["tote" as const] : []), "evidence"];
}

function reasonsOf(line: Line): Reason[] {
  return (Object.keys(REASONS) as Reason[]).filter(reason => reason !== "held" || line.held !== "");
}

/** On a cart of several orders what was found goes into the order's own tote, as a pick does. */
function toteOfFound({ mode }: Task, { slot }: Line, totes: readonly Tote[]): Tote | undefined {
  const puts = mode === "cluster" || mode === "zone";
  return puts ? totes.find(tote => tote.slot === slot) : undefined;
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
          {reason === "unreadable" && (
            <Button data-testid="ask-label" onClick={() => void askLabel(line, onBack)}>
              {t("picker.askLabel")}
            </Button>
          )}
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
        options={reasonsOf(line).map(value => ({ value, label: t(REASONS[value]) }))}
        onChange={value => change({ reason: value })}
      />
      {reason === "blocked" && <p class="soft">{t("picker.blockedHint")}</p>}
      {reason === "unreadable" && <p class="soft">{t("picker.unreadableHint")}</p>}
      {reason === "wrong_item" && (
        <p data-testid="other-item">
          {draft.other ? t("picker.otherScanned", { code: draft.other }) : t("picker.otherScan")}
        </p>
      )}
    </Screen>
  );
}

/** The line goes on; the desk prints what cannot be read. */
async function askLabel(line: Line, onDone: () => void): Promise<void> {
  const { task, no, bin, sku } = line;
  const epoch = replica.row("task", task).value?.epoch ?? 0;
  const body = { task, line: no, bin, sku, of: "bin", epoch };
  if (!(await saved(() => dispatch("picking.request_label", body)))) return;
  feedback("right");
  toast(t("picker.labelAsked", { bin }), { tone: "right" });
  onDone();
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
