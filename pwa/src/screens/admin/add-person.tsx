import { useState } from "preact/hooks";
import { LANGUAGES, type Language, language, t } from "../../i18n";
import { ROLES, type Role } from "../../shell";
import { Button, Dialog, Facts, Field, Select } from "../../ui";
import { ask } from "../desk/ask";
import { word } from "../desk/words";
import { newBadge, newPin } from "./secrets";

interface Made {
  name: string;
  badge: string;
  pin: string;
}

/** Badge and PIN are made here and shown this once; the server keeps the PIN's hash alone. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("picker");
  const [lang, setLang] = useState<Language>(language.value);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<Made>();
  const go = async () => {
    setBusy(true);
    const person = { name: name.trim(), badge: newBadge(), pin: newPin() };
    const done = await ask("/auth/people", { ...person, role, lang });
    setBusy(false);
    setProblem(done.ok ? undefined : done.words);
    if (done.ok) setMade(person);
  };
  if (made) return <ShownOnce made={made} onClose={onClose} />;
  return (
    <Dialog
      title={t("admin.addPerson")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={busy || name.trim() === ""}>
            {t("admin.add")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <Field
        label={t("admin.name")}
        value={name}
        onInput={setName}
        maxLength={120}
        error={problem}
        required
        name="person"
      />
      <Select
        label={t("admin.role")}
        value={role}
        onChange={value => setRole(value as Role)}
        options={ROLES.map(value => ({ value, label: word("role", value) }))}
      />
      <Select
        label={t("settings.language")}
        value={lang}
        onChange={value => setLang(value as Language)}
        options={(Object.keys(LANGUAGES) as Language[]).map(value => ({
          value,
          label: LANGUAGES[value],
        }))}
      />
    </Dialog>
  );
}

/** Closed only by its button: what it shows cannot be had again. */
function ShownOnce({ made, onClose }: { made: Made; onClose: () => void }) {
  return (
    <Dialog
      title={t("admin.added", { person: made.name })}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t("admin.written")}
        </Button>
      }
    >
      <p>{t("admin.shownOnce")}</p>
      <Facts
        rows={[
          [t("auth.badge"), <span class="code big-code">{made.badge}</span>],
          [t("auth.pin"), <span class="code big-code">{made.pin}</span>],
        ]}
      />
    </Dialog>
  );
}
