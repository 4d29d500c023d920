import { t } from "../../i18n";
import type { PersonRow } from "../../kernel/contract";
import { Button, toast } from "../../ui";
import { ask } from "./ask";

/** Ends the waiting after too many wrong PINs. */
export function PersonActions({ person }: { person: PersonRow }) {
  const unlock = async () => {
    const done = await ask(`/auth/people/${encodeURIComponent(person.id)}/unlock`);
    toast(done.ok ? t("supervisor.unlocked", { person: person.name }) : done.words, {
      tone: done.ok ? "right" : "wrong",
    });
  };
  return (
    <Button onClick={() => void unlock()} label={t("supervisor.unlockOf", { person: person.name })}>
      {t("supervisor.unlock")}
    </Button>
  );
}
