import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { dispatch } from "../../sync";
import { announce, Button, Field } from "../../ui";
import { saved } from "../floor/saved";

const LONGEST = 500;

/** What the house should know of an order; it waits on the device while there is no network. */
export function AddNote({ order }: { order: string }) {
  const [note, setNote] = useState("");
  const add = async () => {
    const text = note.trim();
    if (!(await saved(() => dispatch("orders.add_note", { order, note: text })))) return;
    setNote("");
    announce(t("service.noteSaved"));
  };
  return (
    <form
      class="stack"
      onSubmit={event => {
        event.preventDefault();
        void add();
      }}
    >
      <Field
        label={t("service.addNote")}
        hint={t("service.noteHint")}
        multiline
        value={note}
        onInput={setNote}
        maxLength={LONGEST}
        name="note"
      />
      <div class="row">
        <Button data-testid="add-note" disabled={note.trim() === ""} onClick={() => void add()}>
          {t("service.saveNote")}
        </Button>
      </div>
    </form>
  );
}
