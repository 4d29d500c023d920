import { t } from "../../i18n";
import { now } from "../../shell";
import { session } from "../../sync";
import { Button } from "../../ui";
import { ago } from "../desk/words";
import { undo, undone } from "./perform";
import { UNDO_MS, type Undoable, undoables } from "./undoables";

/** So long (ms) it says that something was undone. */
const SAID_MS = 60_000;

/** What whoever is here did within the last minutes, newest first. */
export function mine(): readonly Undoable[] {
  const who = session.value?.person;
  return undoables.value.filter(({ by, at }) => by === who && now.value - at < UNDO_MS);
}

/** Undoes what was done last, if it may still be. */
export function undoLast(): void {
  const [last] = mine();
  if (last) void undo(last.id);
}

/** The last one in sight, those before it behind a tap: the list of tasks is what matters here. */
export function UndoList() {
  const [last, ...before] = mine();
  const gone = undone.value && now.value - undone.value.at < SAID_MS ? undone.value.words : null;
  if (!last && !gone) return null;
  return (
    <section class="undo-list" aria-label={t("acting.recent")}>
      {gone && <p>{gone}</p>}
      {last && <Entry entry={last} />}
      {before.length > 0 && (
        <details>
          <summary>{t("acting.before", { n: before.length })}</summary>
          {before.map(entry => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </details>
      )}
    </section>
  );
}

function Entry({ entry: { id, words, at } }: { entry: Undoable }) {
  return (
    <p>
      <span>
        {words} <span class="soft">{ago(at, Math.max(at, now.value))}</span>
      </span>
      <Button icon="undo" label={t("acting.undoOf", { what: words })} onClick={() => void undo(id)}>
        {t("acting.undo")}
      </Button>
    </p>
  );
}
