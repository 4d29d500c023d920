import { OP_VERSION } from "../../gen/ops";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { useRows } from "../../sync";
import { Button, Field, Select } from "../../ui";
import { useDevices } from "../desk/device-table";
import { operationWords, word } from "../desk/words";
import { type Filter, OUTCOMES, pathWith } from "./asking";

type Option = { value: string; label: string };

/** What is looked for; all of it stands in the address. */
export function Filters({ query }: { query: URLSearchParams }) {
  const people = useRows("person").map(({ id, name, role }) => ({
    value: id,
    label: `${name} (${word("role", role)})`,
  }));
  const devices = useDevices().map(({ id, name }) => ({ value: id, label: name }));
  const kinds = Object.keys(OP_VERSION).map(kind => ({ value: kind, label: operationWords(kind) }));
  const outcomes = OUTCOMES.map(value => ({ value, label: t(`audit.outcome_${value}`) }));
  const set = (name: Filter) => (value: string) =>
    navigate(pathWith(query, name, value), { replace: true });
  const text = (name: Filter) => query.get(name) ?? "";
  const choice = (name: Filter, label: string, options: readonly Option[]) => (
    <Select
      label={label}
      value={text(name)}
      onChange={set(name)}
      options={[{ value: "", label: t("audit.any") }, ...withChosen(options, text(name))]}
    />
  );
  return (
    <search class="audit-filters">
      <Field
        label={t("desk.order")}
        value={text("order")}
        onInput={set("order")}
        maxLength={64}
        type="search"
        name="order"
      />
      {choice("person", t("desk.person"), byLabel(people))}
      {choice("device", t("desk.device"), byLabel(devices))}
      {choice("kind", t("desk.action"), byLabel(kinds))}
      {choice("outcome", t("audit.outcome"), outcomes)}
      <Field
        label={t("audit.from")}
        value={text("from")}
        onInput={set("from")}
        type="date"
        name="from"
      />
      <Field label={t("audit.to")} value={text("to")} onInput={set("to")} type="date" name="to" />
      <Button onClick={() => navigate("/audit", { replace: true })}>{t("audit.clear")}</Button>
    </search>
  );
}

function byLabel(options: readonly Option[]): Option[] {
  return [...options].sort((a, b) => a.label.localeCompare(b.label));
}

/** What an address names is chosen, whether this desk knows it or not. */
function withChosen(options: readonly Option[], chosen: string): readonly Option[] {
  if (chosen === "" || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen }];
}
