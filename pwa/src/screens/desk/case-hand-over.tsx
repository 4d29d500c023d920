import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit, useRows } from "../../sync";
import { Button, Dialog, Field, Select } from "../../ui";
import { refusalWords } from "./ask";
import type { CaseStory } from "./case-types";
import { word } from "./words";

const DESKS: ReadonlySet<string> = new Set(["supervisor", "service", "admin"]);

interface HandOverProps {
  story: CaseStory;
  onDone: () => void;
  onClose: () => void;
}

/** Makes somebody else the contact; what was written goes along. */
export function HandOver({ story, onDone, onClose }: HandOverProps) {
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState<string>();
  const people = useRows("person")
    .filter(({ id, active, role }) => active && DESKS.has(role) && id !== story.case.owner)
    .sort((a, b) => a.name.localeCompare(b.name));
  const go = async () => {
    const { id, rev } = story.case;
    const body = { case: id, expects: rev, to, note: note.trim() };
    const words = refusalWords(await submit("exceptions.hand_over_case", body));
    setRefused(words);
    if (words) return;
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={t("exceptions.handOver")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={to === ""} onClick={() => void go()}>
            {t("exceptions.handOver")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("exceptions.handOverHint")}</p>
      <Select
        label={t("exceptions.toWhom")}
        value={to}
        onChange={setTo}
        options={[
          { value: "", label: t("exceptions.choose") },
          ...people.map(({ id, name, role }) => ({
            value: id,
            label: `${name} (${word("role", role)})`,
          })),
        ]}
      />
      <Field
        label={t("desk.note")}
        multiline
        value={note}
        onInput={setNote}
        maxLength={500}
        error={refused}
        name="note"
      />
    </Dialog>
  );
}
