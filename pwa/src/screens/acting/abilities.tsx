import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow } from "../../kernel/contract";
import { submit, useRow } from "../../sync";
import { Button, Dialog, Field, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { word } from "../desk/words";
import { SKILLS, toggledSkill, zonesOf } from "./skills";

interface AbilitiesProps {
  person: PersonRow;
  onClose: () => void;
}

/** What somebody has learned to do and where they work: what auto-assign goes by. */
export function Abilities({ person, onClose }: AbilitiesProps) {
  const now = useRow("abilities", person.id);
  const [skills, setSkills] = useState<readonly string[]>(now?.skills ?? []);
  const [text, setText] = useState((now?.zones ?? []).join(", "));
  const [refused, setRefused] = useState<string>();
  const zones = zonesOf(text);
  const go = async () => {
    if (!zones) return;
    const body = { person: person.id, skills: [...skills], zones };
    const problem = refusalWords(await submit("floor.set_abilities", body));
    setRefused(problem);
    if (problem) return;
    toast(t("acting.abilitiesSet", { person: person.name }), { tone: "right" });
    onClose();
  };
  return (
    <Dialog
      title={t("acting.abilitiesOf", { person: person.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={!zones} onClick={() => void go()}>
            {t("common.save")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("acting.abilitiesHint")}</p>
      <fieldset class="ticks">
        <legend>{t("acting.skills")}</legend>
        {(SKILLS[person.role] ?? []).map(skill => (
          <label key={skill}>
            <input
              type="checkbox"
              checked={skills.includes(skill)}
              onChange={() => setSkills(toggledSkill(skills, skill))}
            />
            <span>{word("kind", skill)}</span>
          </label>
        ))}
      </fieldset>
      <Field
        label={t("acting.zones")}
        hint={t("acting.zonesHint")}
        value={text}
        onInput={setText}
        maxLength={400}
        error={zones ? undefined : t("acting.zonesWrong")}
        name="zones"
      />
      {refused && <p role="alert">{refused}</p>}
    </Dialog>
  );
}
