import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, Select, Switch } from "../../ui";
import { refusalWords } from "../desk/ask";
import type { Wishes } from "./notices";

const WHATS = [
  "confirmed",
  "shipped",
  "day_before",
  "delayed",
  "delivered",
  "cancelled",
  "rma_issued",
  "return_done",
  "survey",
] as const;
const LANGUAGES = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" } as const;

export interface WishesProps {
  customer: string;
  name: string;
  vip: boolean;
  wishes: Wishes;
  onClose: () => void;
}

/** By which way, in which language, and of what a customer wants to be told. */
export function WishesDialog({ customer, name, vip, wishes, onClose }: WishesProps) {
  const [said, setSaid] = useState(wishes);
  const [refused, setRefused] = useState<string>();
  const set = (fields: Partial<Wishes>) => setSaid({ ...said, ...fields });
  const off = said.off ?? [];
  const save = async () => {
    const problem = refusalWords(await submit("notices.set_wishes", { customer, wishes: said }));
    setRefused(problem);
    if (problem) return;
    announce(t("notices.saved"));
    onClose();
  };
  return (
    <Dialog
      title={t("notices.wishesOf", { customer: name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" data-testid="save-wishes" onClick={() => void save()}>
            {t("notices.save")}
          </Button>
          <Button onClick={onClose}>{t("notices.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        {refused && <p role="alert">{refused}</p>}
        <Switch
          label={t("notices.quiet")}
          checked={said.quiet ?? false}
          onChange={quiet => set({ quiet })}
        />
        <Select
          label={t("notices.channel")}
          value={said.channels?.[0] ?? ""}
          options={[
            { value: "", label: t("notices.asSite") },
            { value: "mail", label: t("notices.channel_mail") },
            { value: "sms", label: t("notices.channel_sms") },
          ]}
          onChange={value => set({ channels: value ? [value as "mail" | "sms"] : [] })}
        />
        <Select
          label={t("notices.language")}
          value={said.lang ?? ""}
          options={[
            { value: "", label: t("notices.asSite") },
            ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
          ]}
          onChange={value => set({ lang: (value || null) as NonNullable<Wishes["lang"]> | null })}
        />
        <Field
          label={t("notices.mail")}
          type="email"
          value={said.mail ?? ""}
          onInput={mail => set({ mail: mail.trim() })}
          maxLength={254}
          name="mail"
        />
        <Field
          label={t("notices.phone")}
          type="tel"
          value={said.phone ?? ""}
          onInput={phone => set({ phone: phone.trim() })}
          maxLength={40}
          name="phone"
        />
        {vip && (
          <>
            <Field
              label={t("notices.words")}
              value={said.words ?? ""}
              onInput={words => set({ words })}
              maxLength={200}
              name="words"
            />
            <Field
              label={t("notices.manager")}
              type="email"
              value={said.manager ?? ""}
              onInput={manager => set({ manager: manager.trim() })}
              maxLength={254}
              name="manager"
            />
          </>
        )}
        <fieldset class="stack">
          <legend>{t("notices.wanted")}</legend>
          {WHATS.map(what => (
            <Switch
              key={what}
              label={t(`notices.what_${what}`)}
              checked={!off.includes(what)}
              onChange={on => set({ off: on ? off.filter(each => each !== what) : [...off, what] })}
            />
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}
