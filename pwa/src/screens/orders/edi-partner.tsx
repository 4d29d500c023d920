import { t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { Field, Select, Switch } from "../../ui";

export type EdiPartner = NonNullable<OpArgs["notices.set_wishes"]["wishes"]["edi"]>;
type Kind = NonNullable<EdiPartner["messages"]>[number];

const MESSAGES: readonly Kind[] = ["ORDRSP", "DESADV", "IFTSTA"];
export const NEW_PARTNER: EdiPartner = { id: "", messages: [...MESSAGES] };

export interface EdiPartnerProps {
  partner: EdiPartner;
  onChange: (partner: EdiPartner) => void;
}

/** As whom a customer's software is written to, and of what. */
export function EdiPartnerFields({ partner, onChange }: EdiPartnerProps) {
  const set = (fields: Partial<EdiPartner>) => onChange({ ...partner, ...fields });
  const messages = partner.messages ?? MESSAGES;
  return (
    <fieldset class="stack">
      <legend>{t("notices.partner")}</legend>
      <Field
        label={t("notices.partnerId")}
        hint={t("notices.partnerHint")}
        value={partner.id}
        onInput={id => set({ id: id.trim() })}
        maxLength={35}
        name="partner"
      />
      <Select
        label={t("notices.qualifier")}
        value={partner.qualifier ?? "14"}
        options={[
          { value: "14", label: t("notices.qualifier_gln") },
          { value: "1", label: t("notices.qualifier_duns") },
          { value: "ZZZ", label: t("notices.qualifier_agreed") },
        ]}
        onChange={qualifier => set({ qualifier })}
      />
      {MESSAGES.map(kind => (
        <Switch
          key={kind}
          label={t(`notices.message_${kind}`)}
          checked={messages.includes(kind)}
          onChange={on =>
            set({ messages: MESSAGES.filter(k => (k === kind ? on : messages.includes(k))) })
          }
        />
      ))}
      <Select
        label={t("notices.charset")}
        value={partner.charset ?? "UNOC"}
        options={[
          { value: "UNOC", label: t("notices.charset_latin") },
          { value: "UNOW", label: t("notices.charset_utf8") },
        ]}
        onChange={charset => set({ charset: charset as "UNOC" | "UNOW" })}
      />
      <Switch
        label={t("notices.trial")}
        checked={partner.test ?? false}
        onChange={test => set({ test })}
      />
    </fieldset>
  );
}
