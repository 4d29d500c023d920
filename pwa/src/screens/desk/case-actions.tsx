import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { type Outcome, session, submit } from "../../sync";
import { announce, Button, toast } from "../../ui";
import { refusalWords } from "./ask";
import { HandOver } from "./case-hand-over";
import type { CaseStory } from "./case-types";
import { ReasonDialog } from "./reason-dialog";
import { SettleCase } from "./settle-case";

const HIGHEST = 3;
type Why = "escalate" | "note" | "reopen";
type Asking = "settle" | "hand" | Why | null;

interface CaseActionsProps {
  story: CaseStory;
  /** Something was done: the story has grown. */
  onDone: () => void;
}

/** What may be done with a case as it stands. */
export function CaseActions({ story, onDone }: CaseActionsProps) {
  const [asking, setAsking] = useState<Asking>(null);
  const onClose = () => setAsking(null);
  const isOpen = story.case.state === "open";
  return (
    <div class="row-actions case-actions">
      {isOpen && <OpenActions story={story} onAsk={setAsking} onDone={onDone} />}
      <Button onClick={() => setAsking("note")}>{t("exceptions.addNote")}</Button>
      {!isOpen && <Button onClick={() => setAsking("reopen")}>{t("exceptions.reopen")}</Button>}
      {asking === "settle" && <SettleCase {...{ story, onDone, onClose }} />}
      {asking === "hand" && <HandOver {...{ story, onDone, onClose }} />}
      {(asking === "escalate" || asking === "note" || asking === "reopen") && (
        <AskWhy why={asking} {...{ story, onDone, onClose }} />
      )}
    </div>
  );
}

interface OpenActionsProps extends CaseActionsProps {
  onAsk: (asking: Asking) => void;
}

function OpenActions({ story, onAsk, onDone }: OpenActionsProps) {
  const { id, rev, owner, level } = story.case;
  const take = async () => {
    const outcome = await submit("exceptions.take_case", { case: id, expects: rev });
    const refused = done(outcome, onDone);
    if (refused) toast(refused, { tone: "wrong" });
  };
  return (
    <>
      <Button kind="primary" icon="check" onClick={() => onAsk("settle")}>
        {t("exceptions.settle")}
      </Button>
      {owner !== session.value?.person && (
        <Button onClick={() => void take()}>{t("exceptions.take")}</Button>
      )}
      <Button onClick={() => onAsk("hand")}>{t("exceptions.handOver")}</Button>
      {level < HIGHEST && (
        <Button onClick={() => onAsk("escalate")}>{t("exceptions.escalate")}</Button>
      )}
    </>
  );
}

/** Says that it was done, or gives what refused it in words. */
function done(outcome: Outcome, onDone: () => void): string | undefined {
  const refused = refusalWords(outcome);
  if (refused) return refused;
  announce(t("exceptions.saved"));
  onDone();
  return undefined;
}

interface AskWhyProps extends CaseActionsProps {
  why: Why;
  onClose: () => void;
}

function AskWhy({ why, story, onDone, onClose }: AskWhyProps) {
  const { id, rev, level } = story.case;
  const [title, hint] = {
    escalate: [t("exceptions.escalate"), t("exceptions.escalateHint", { level: level + 1 })],
    note: [t("exceptions.addNote"), t("exceptions.noteHint")],
    reopen: [t("exceptions.reopen"), t("exceptions.reopenHint")],
  }[why] as [string, string];
  const say = (note: string): Promise<Outcome> => {
    if (why === "note") return submit("exceptions.note_case", { case: id, note });
    const name = why === "escalate" ? "exceptions.escalate_case" : "exceptions.reopen_case";
    return submit(name, { case: id, expects: rev, note });
  };
  return (
    <ReasonDialog
      title={title}
      action={title}
      label={why === "note" ? t("desk.note") : t("supervisor.reason")}
      maxLength={500}
      onGo={async note => done(await say(note), onDone)}
      onClose={onClose}
    >
      {hint}
    </ReasonDialog>
  );
}
