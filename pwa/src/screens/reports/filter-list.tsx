import { t } from "../../i18n";
import { Button, Field, Select } from "../../ui";
import { changed, comparesOf, filterFor, MOST } from "./draft";
import type { FieldOf, Wanted } from "./types";

type Filter = Wanted["filters"][number];

interface FilterListProps {
  fields: readonly FieldOf[];
  filters: readonly Filter[];
  onChange: (filters: readonly Filter[]) => void;
}

/** Conditions that all have to hold; each is a field, how it is compared, and with what. */
export function FilterList({ fields, filters, onChange }: FilterListProps) {
  const may = fields.filter(field => field.may);
  const first = may[0];
  const add = () => first && onChange([...filters, filterFor(first)]);
  return (
    <fieldset class="report-part">
      <legend>{t("reports.filters")}</legend>
      {filters.map((filter, at) => (
        <FilterRow
          key={at}
          n={at + 1}
          fields={may}
          filter={filter}
          onChange={value => onChange(changed(filters, at, value))}
        />
      ))}
      {filters.length < MOST.filters && (
        <Button onClick={add} data-testid="add-filter">
          {t("reports.addFilter")}
        </Button>
      )}
    </fieldset>
  );
}

interface FilterRowProps {
  n: number;
  fields: readonly FieldOf[];
  filter: Filter;
  onChange: (filter: Filter | null) => void;
}

function FilterRow({ n, fields, filter, onChange }: FilterRowProps) {
  const field = fields.find(each => each.name === filter.field);
  const choose = (name: string) => {
    const next = fields.find(each => each.name === name);
    if (next) onChange(filterFor(next));
  };
  return (
    <div class="report-row">
      <Select
        label={t("reports.filterField", { n })}
        value={filter.field}
        options={fields.map(({ name, label }) => ({ value: name, label }))}
        onChange={choose}
      />
      <Select
        label={t("reports.compare")}
        value={filter.op}
        options={comparesOf(field).map(op => ({ value: op, label: t(`reports.op_${op}`) }))}
        onChange={op => onChange({ ...filter, op: op as Filter["op"] })}
      />
      <ValueField
        field={field}
        value={filter.values[0] ?? ""}
        onInput={value => onChange({ ...filter, values: [value] })}
      />
      <Button label={t("reports.removeFilter", { n })} onClick={() => onChange(null)}>
        {t("reports.remove")}
      </Button>
    </div>
  );
}

interface ValueFieldProps {
  field: FieldOf | undefined;
  value: string;
  onInput: (value: string) => void;
}

function ValueField({ field, value, onInput }: ValueFieldProps) {
  const label = t("reports.value");
  if (field?.type === "flag")
    return (
      <Select
        label={label}
        value={value}
        options={[
          { value: "1", label: t("common.yes") },
          { value: "0", label: t("common.no") },
        ]}
        onChange={onInput}
      />
    );
  const type = field?.type === "moment" ? "date" : "text";
  return <Field label={label} type={type} value={value} onInput={onInput} maxLength={120} />;
}
