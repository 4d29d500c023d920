import { t } from "../../i18n";
import { now } from "../../shell";
import { session } from "../../sync";
import { Button } from "../../ui";
import { ago } from "../desk/words";
import { UNDO_MS, type Undoable, undo, undoables } from "./perform";

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

export function UndoList() {
  const entries = mine();
  if (entries.length === 0) return null;
  return (
    <section class="undo-list" aria-label={t("acting.recent")}>
      <p class="section-title">{t("acting.recent")}</p>
      <ul>
        {entries.map(({ id, words, at }) => (
          <li key={id}>
            <span>
              {words} <span class="soft">{ago(at, Math.max(at, now.value))}</span>
            </span>
            <Button
              icon="undo"
              label={t("acting.undoOf", { what: words })}
              onClick={() => void undo(id)}
            >
              {t("acting.undo")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
