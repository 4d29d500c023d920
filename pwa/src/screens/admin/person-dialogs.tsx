import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow } from "../../kernel/contract";
import { Button, Dialog, Facts, toast } from "../../ui";
import { ask } from "../desk/ask";
import { newPin } from "./secrets";

interface PersonDialogProps {
  person: PersonRow;
  onClose: () => void;
}

/** A new PIN, shown this once; it also ends the waiting after wrong ones. */
export function NewPin({ person, onClose }: PersonDialogProps) {
  const [pin, setPin] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    const made = newPin();
    const done = await ask(`/auth/people/${encodeURIComponent(person.id)}/pin`, { pin: made });
    setProblem(done.ok ? undefined : done.words);
    if (done.ok) setPin(made);
  };
  if (pin)
    return (
      <Dialog
        title={t("admin.setPinOf", { person: person.name })}
        actions={
          <Button kind="primary" onClick={onClose}>
            {t("admin.written")}
          </Button>
        }
      >
        <p>{t("admin.shownOnce")}</p>
        <Facts rows={[[t("auth.pin"), <span class="code big-code">{pin}</span>]]} />
      </Dialog>
    );
  return (
    <Dialog
      title={t("admin.setPinOf", { person: person.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()}>
            {t("admin.setPin")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("admin.setPinHint")}</p>
      {problem && <p role="alert">{problem}</p>}
    </Dialog>
  );
}

/** From then on the person cannot sign in, and later work of theirs waits for a supervisor. */
export function EndAccess({ person, onClose }: PersonDialogProps) {
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    const done = await ask(`/auth/people/${encodeURIComponent(person.id)}/revoke`);
    if (!done.ok) {
      setProblem(done.words);
      return;
    }
    toast(t("admin.accessEnded", { person: person.name }), { tone: "right" });
    onClose();
  };
  return (
    <Dialog
      title={t("admin.endAccessOf", { person: person.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" onClick={() => void go()}>
            {t("admin.endAccess")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("admin.endAccessHint")}</p>
      {problem && <p role="alert">{problem}</p>}
    </Dialog>
  );
}
