import { useEffect, useState } from "preact/hooks";
import { formatNumber, hasText, t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { Button, Dialog } from "../../ui";
import { ask } from "../desk/ask";
import { candidates } from "../desk/board";
import { useDevices } from "../desk/device-table";
import { word } from "../desk/words";
import { nothingToDo } from "./acts";
import { perform } from "./perform";
import { candidatesOf } from "./person-choice";
import {
  afterwards,
  type Choice,
  choicesOf,
  given,
  included,
  keepOwn,
  type Proposals,
  type Reason,
} from "./proposal";

interface AutoAssignProps {
  /** As the supervisor saw them; only what nobody has is given out. */
  tasks: readonly TaskRow[];
  people: readonly PersonRow[];
  onClose: () => void;
}

/** So many at once: nobody looks through more. */
const MOST = 200;

/** A task that waits for somebody to do it. */
function isWaiting(task: TaskRow): boolean {
  return (
    task.state === "open" && !task.stopped && nothingToDo({ what: "assign" }, task) === undefined
  );
}

/** What the server's rule would give to whom, to look at and change; then it is asked for. */
export function AutoAssign({ tasks, people, onClose }: AutoAssignProps) {
  const allWaiting = tasks.filter(isWaiting);
  const waiting = allWaiting.slice(0, MOST);
  const online = useDevices().flatMap(device =>
    device.online && device.person ? [device.person] : [],
  );
  const team = candidatesOf(waiting, people)
    .map(({ person }) => person)
    .filter(({ role }) => role !== "supervisor");
  const [atWork, setAtWork] = useState<ReadonlySet<string>>(() => new Set(online));
  const [seen] = useState(waiting);
  const [found, setFound] = useState<Proposals>();
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const here = team.filter(({ id }) => atWork.has(id)).map(({ id }) => id);
  useEffect(() => {
    let current = true;
    const asked = { tasks: seen.map(({ id }) => id), people: here };
    void ask<Proposals>("/api/proposals", asked).then(answer => {
      if (!current) return;
      setProblem(answer.ok ? undefined : answer.words);
      if (!answer.ok) return;
      setFound(answer.body);
      const { body } = answer;
      setChoices(before => keepOwn(choicesOf(body, seen), before));
    });
    return () => {
      current = false;
    };
  }, [here.join("\n")]);
  const go = choices.filter(choice => choice.included);
  const apply = async () => {
    setBusy(true);
    await perform(
      go.map(({ task, person }) => ({
        task,
        act: {
          what: "assign",
          person: person ?? "",
          name: people.find(({ id }) => id === person)?.name ?? "",
        },
      })),
    );
    onClose();
  };
  return (
    <Dialog
      title={t("acting.autoTitle")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={busy || go.length === 0} onClick={() => void apply()}>
            {t("acting.applyN", { n: go.length })}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      {seen.length === 0 ? (
        <p>{t("acting.autoNone")}</p>
      ) : (
        <>
          <p>{t("acting.autoHint")}</p>
          {allWaiting.length > MOST && <p>{t("acting.autoMost", { n: MOST })}</p>}
          <AtWork team={team} atWork={atWork} onChange={setAtWork} />
          {problem && <p role="alert">{problem}</p>}
          {!found && !problem && <p role="status">{t("acting.autoLoading")}</p>}
          <ul class="proposals">
            {choices.map(choice => (
              <ChoiceItem
                key={choice.task.id}
                choice={choice}
                people={people}
                onInclude={is => setChoices(included(choices, choice.task.id, is))}
                onGive={person => setChoices(given(choices, choice.task.id, person))}
              />
            ))}
          </ul>
          {found && <Loads choices={choices} found={found} people={people} />}
        </>
      )}
    </Dialog>
  );
}

interface AtWorkProps {
  team: readonly PersonRow[];
  atWork: ReadonlySet<string>;
  onChange: (people: ReadonlySet<string>) => void;
}

function AtWork({ team, atWork, onChange }: AtWorkProps) {
  const toggle = (id: string) => {
    const next = new Set(atWork);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <fieldset class="ticks">
      <legend>{t("acting.atWork")}</legend>
      {team.map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={atWork.has(id)} onChange={() => toggle(id)} />
          <span>{name}</span>
        </label>
      ))}
      {!team.some(({ id }) => atWork.has(id)) && <p class="soft">{t("acting.atWorkNone")}</p>}
    </fieldset>
  );
}

interface ChoiceItemProps {
  choice: Choice;
  people: readonly PersonRow[];
  onInclude: (is: boolean) => void;
  onGive: (person: string | null) => void;
}

function ChoiceItem({ choice, people, onInclude, onGive }: ChoiceItemProps) {
  const { task, person, why, isOwn } = choice;
  return (
    <li>
      <label class="pick-task">
        <input
          type="checkbox"
          aria-label={t("acting.include", { task: task.title })}
          checked={choice.included}
          disabled={person === null}
          onChange={() => onInclude(!choice.included)}
        />
        <span>
          <strong>{task.title}</strong>
          <span class="soft">
            {[word("kind", task.kind), task.zone].filter(Boolean).join(" · ")}
          </span>
        </span>
      </label>
      <select
        aria-label={t("acting.personFor", { task: task.title })}
        value={person ?? ""}
        onChange={event => onGive(event.currentTarget.value || null)}
      >
        <option value="">{t("acting.stays")}</option>
        {candidates(people, task.kind).map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <p class="soft why">{isOwn ? t("acting.yourChoice") : why.map(reasonWords).join("; ")}</p>
    </li>
  );
}

function reasonWords({ code, n, text }: Reason): string {
  const key = `acting.why_${code}`;
  if (!hasText(key)) return code;
  const say = t as (key: string, params: Record<string, string | number>) => string;
  return say(key, { n, zone: text, kind: word("kind", text) });
}

function Loads(props: {
  choices: readonly Choice[];
  found: Proposals;
  people: readonly PersonRow[];
}) {
  const rows = afterwards(props.choices, props.found, props.people);
  if (rows.length === 0) return null;
  return (
    <dl class="loads" aria-label={t("acting.loads")}>
      {rows.map(({ person, from, to, minutes }) => (
        <div key={person.id}>
          <dt>{person.name}</dt>
          <dd>
            {t("acting.load", {
              from: formatNumber(from),
              to: formatNumber(to),
              minutes: formatNumber(minutes),
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
