import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { Button, Dialog, Field } from "../../ui";
import type { Act, What } from "./acts";
import { perform } from "./perform";
import { PersonChoice } from "./person-choice";
import { commandWords } from "./words";

export interface AskProps {
  what: What;
  /** As the supervisor saw them when they asked. */
  tasks: readonly TaskRow[];
  people: readonly PersonRow[];
  onClose: () => void;
}

/** Asks what an act still needs to know. What becomes of it is told elsewhere. */
export function Ask(props: AskProps) {
  const { what } = props;
  if (what === "assign" || what === "split") return <WhoAsk {...props} />;
  if (what === "priority") return <PriorityAsk {...props} />;
  return <ReasonAsk {...props} />;
}

interface QuestionProps extends AskProps {
  /** Not before the answer is one. */
  act: Act | null;
  children: ComponentChildren;
}

function Question({ what, tasks, act, onClose, children }: QuestionProps) {
  const [busy, setBusy] = useState(false);
  const id = useId();
  const go = async () => {
    if (!act || busy) return;
    setBusy(true);
    await perform(tasks.map(task => ({ task, act })));
    onClose();
  };
  return (
    <Dialog
      title={questionTitle(what, tasks)}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" type="submit" form={`${id}-form`} disabled={busy || !act}>
            {commandWords(what)}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        aria-labelledby={id}
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          void go();
        }}
      >
        <p id={id} class="soft">
          {titles(tasks)}
        </p>
        {children}
      </form>
    </Dialog>
  );
}

function questionTitle(what: What, tasks: readonly TaskRow[]): string {
  const [first] = tasks;
  const one = tasks.length === 1 && first ? first.title : undefined;
  return `${commandWords(what)}: ${one ?? t("acting.forTasks", { n: tasks.length })}`;
}

const NAMED = 6;

function titles(tasks: readonly TaskRow[]): string {
  const named = tasks.slice(0, NAMED).map(({ title }) => title);
  return named.join(", ") + (tasks.length > NAMED ? " …" : "");
}

function WhoAsk(props: AskProps) {
  const { what, tasks, people } = props;
  const [person, setPerson] = useState<string | null | undefined>(
    what === "split" ? null : undefined,
  );
  return (
    <Question {...props} act={actOf(what, person, people)}>
      {what === "split" && <p>{t("supervisor.splitHint")}</p>}
      <PersonChoice {...{ tasks, people }} value={person} onChange={setPerson} />
    </Question>
  );
}

function actOf(
  what: What,
  person: string | null | undefined,
  people: readonly PersonRow[],
): Act | null {
  if (person === undefined) return null;
  if (what === "split") return { what, person };
  const name = people.find(({ id }) => id === person)?.name ?? "";
  return person === null ? { what: "takeBack" } : { what: "assign", person, name };
}

function ReasonAsk(props: AskProps) {
  const [text, setText] = useState("");
  const reason = text.trim();
  const what = props.what === "pause" ? "pause" : "halt";
  return (
    <Question {...props} act={reason === "" ? null : { what, reason }}>
      <p>{t(what === "pause" ? "acting.pauseHint" : "acting.haltHint")}</p>
      <Field
        label={t("supervisor.reason")}
        value={text}
        onInput={setText}
        maxLength={120}
        name="reason"
      />
    </Question>
  );
}

function PriorityAsk(props: AskProps) {
  const [first] = props.tasks;
  const [value, setValue] = useState(String(first?.priority ?? ""));
  const priority = Number(value);
  const fits = /^\d{1,3}$/.test(value.trim()) && priority <= 100;
  return (
    <Question {...props} act={fits ? { what: "priority", priority } : null}>
      <Field
        label={t("supervisor.priority")}
        hint={t("supervisor.priorityHint")}
        value={value}
        onInput={setValue}
        inputMode="numeric"
        maxLength={3}
        error={fits ? undefined : t("supervisor.priorityWrong")}
        name="priority"
      />
    </Question>
  );
}
