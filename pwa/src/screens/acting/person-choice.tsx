import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { useRows } from "../../sync";
import { Field } from "../../ui";
import { candidates } from "../desk/board";
import { word } from "../desk/words";

export interface PersonChoiceProps {
  tasks: readonly TaskRow[];
  people: readonly PersonRow[];
  /** Nothing yet, a person, or `null` for the queue. */
  value: string | null | undefined;
  onChange: (person: string | null) => void;
}

interface Candidate {
  person: PersonRow;
  /** How many of the tasks their role does. */
  can: number;
}

/** Whoever may do at least one of the tasks; those who may do most of them first. */
export function candidatesOf(
  tasks: readonly TaskRow[],
  people: readonly PersonRow[],
): readonly Candidate[] {
  const can = new Map<string, Candidate>();
  for (const { kind } of tasks)
    for (const person of candidates(people, kind))
      can.set(person.id, { person, can: (can.get(person.id)?.can ?? 0) + 1 });
  return [...can.values()].sort(
    (a, b) => b.can - a.can || a.person.name.localeCompare(b.person.name),
  );
}

/** One person or the queue, by arrow keys and by typing a part of the name. */
export function PersonChoice({ tasks, people, value, onChange }: PersonChoiceProps) {
  const [text, setText] = useState("");
  const held = useRows("task", ({ state }) => state === "held");
  const wanted = text.trim().toLowerCase();
  const shown = candidatesOf(tasks, people).filter(({ person }) =>
    person.name.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Field
        label={t("acting.findPerson")}
        type="search"
        value={text}
        onInput={setText}
        name="person"
      />
      <fieldset class="person-choice">
        <legend>{t("acting.toWhom")}</legend>
        {wanted === "" && (
          <Option
            name={t("acting.nobodyYet")}
            checked={value === null}
            onPick={() => onChange(null)}
          />
        )}
        {shown.map(({ person, can }) => (
          <Option
            key={person.id}
            name={person.name}
            about={about(person, can, tasks.length, held)}
            checked={value === person.id}
            onPick={() => onChange(person.id)}
          />
        ))}
        {shown.length === 0 && <p class="soft">{t("acting.noPerson")}</p>}
      </fieldset>
    </>
  );
}

function about(person: PersonRow, can: number, all: number, held: readonly TaskRow[]): string {
  const n = held.filter(({ assignee }) => assignee === person.id).length;
  const parts = [word("role", person.role), t("acting.inHand", { n: formatNumber(n) })];
  if (can < all) parts.push(t("acting.canDo", { n: can, all }));
  return parts.join(" · ");
}

function Option(props: { name: string; about?: string; checked: boolean; onPick: () => void }) {
  return (
    <label>
      <input type="radio" name="to-whom" checked={props.checked} onChange={props.onPick} />
      <span>
        <strong>{props.name}</strong>
        {props.about && <span class="soft">{props.about}</span>}
      </span>
    </label>
  );
}
