import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, Select, Switch } from "../../ui";
import { refusalWords } from "../desk/ask";
import { EdiPartnerFields, NEW_PARTNER } from "./edi-partner";

const WHATS = [
  "confirmed",
  "shipped",
  "day_before",
  "delayed",
  "delivered",
  "cancelled",
  "changed",
  "out_for_delivery",
  "rma_issued",
  "return_done",
  "survey",
] as const;
/** Of what only a partner's software is told. */
const TO_SOFTWARE: ReadonlySet<string> = new Set(["changed", "out_for_delivery"]);
const LANGUAGES = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" } as const;

export type Wishes = OpArgs["notices.set_wishes"]["wishes"];

export interface WishesProps {
  customer: string;
  name: string;
  vip: boolean;
  wishes: Wishes;
  onClose: () => void;
}

/** What software is not told of, people still are. */
function byWay(value: string, edi: Wishes["edi"]): Partial<Wishes> {
  if (value === "edi") return { channels: ["edi", "mail", "sms"], edi: edi ?? NEW_PARTNER };
  return { channels: value ? [value as "mail" | "sms"] : [] };
}

/** By which way, in which language, and of what a customer wants to be told. */
export function WishesDialog({ customer, name, vip, wishes, onClose }: WishesProps) {
  const [said, setSaid] = useState(wishes);
  const [refused, setRefused] = useState<string>();
  const set = (fields: Partial<Wishes>) => setSaid({ ...said, ...fields });
  const off = said.off ?? [];
  const byEdi = said.channels?.includes("edi") ?? false;
  const save = async () => {
    if (byEdi && !said.edi?.id) {
      setRefused(t("notices.partnerNeeded"));
      return;
    }
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
            { value: "edi", label: t("notices.channel_edi") },
          ]}
          onChange={value => set(byWay(value, said.edi))}
        />
        {byEdi && said.edi && (
          <EdiPartnerFields partner={said.edi} onChange={edi => set({ edi })} />
        )}
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
          {WHATS.filter(what => byEdi || !TO_SOFTWARE.has(what)).map(what => (
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
