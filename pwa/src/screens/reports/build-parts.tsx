import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Choices, Field, Select } from "../../ui";
import { PERIODS } from "./address";
import { changed, type Draft, formulaOf, MOST, raised } from "./draft";
import type { DatasetOf } from "./types";

export interface PartProps {
  dataset: DatasetOf;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

type Group = Draft["groups"][number];

/** What a row of the report is of. */
export function Groups({ dataset, draft, onChange }: PartProps) {
  const fields = dataset.fields.filter(field => field.may && field.parts.length > 0);
  const first = fields[0];
  const options = fields.map(({ name, label }) => ({ value: name, label }));
  const set = (at: number, group: Group | null) =>
    onChange({ groups: changed(draft.groups, at, group) });
  const partsOf = (name: string) => fields.find(each => each.name === name)?.parts ?? [""];
  const start = (name: string): Group => ({
    field: name,
    part: (partsOf(name)[0] ?? "") as Group["part"],
  });
  return (
    <fieldset class="report-part">
      <legend>{t("reports.groups")}</legend>
      <p class="soft">{t("reports.groupsHint")}</p>
      {draft.groups.map((group, at) => (
        <div class="report-row" key={at}>
          <Select
            label={t("reports.groupField", { n: at + 1 })}
            value={group.field}
            options={options}
            onChange={name => set(at, start(name))}
          />
          {partsOf(group.field).length > 1 && (
            <Select
              label={t("reports.part")}
              value={group.part}
              options={partsOf(group.field).map(part => ({
                value: part,
                label: t(`reports.part_${part as Exclude<Group["part"], "">}`),
              }))}
              onChange={part => set(at, { ...group, part: part as Group["part"] })}
            />
          )}
          <Button label={t("reports.removeGroup", { n: at + 1 })} onClick={() => set(at, null)}>
            {t("reports.remove")}
          </Button>
        </div>
      ))}
      {draft.groups.length < MOST.groups && first && (
        <Button
          data-testid="add-group"
          onClick={() => onChange({ groups: [...draft.groups, start(first.name)] })}
        >
          {t("reports.addGroup")}
        </Button>
      )}
      {draft.groups.length > 0 && (
        <Choices
          label={t("reports.subtotals")}
          value={draft.subtotals ? "yes" : "no"}
          options={(["no", "yes"] as const).map(value => ({ value, label: t(`common.${value}`) }))}
          onChange={value => onChange({ subtotals: value === "yes" })}
        />
      )}
    </fieldset>
  );
}

type Column = Draft["columns"][number];

/** Fields, totals of them, and arithmetic over both. */
export function Columns({ dataset, draft, onChange }: PartProps) {
  const set = (at: number, column: Column | null) =>
    onChange({ columns: changed(draft.columns, at, column) });
  return (
    <fieldset class="report-part">
      <legend>{t("reports.columns")}</legend>
      <p class="soft">{t("reports.columnsHint")}</p>
      {draft.columns.map((column, at) => (
        <div class="report-row" key={at}>
          <Field
            label={t("reports.formula", { n: at + 1 })}
            value={column.formula}
            onInput={formula => set(at, { ...column, formula })}
            maxLength={200}
          />
          <Field
            label={t("reports.columnTitle")}
            value={column.title.startsWith("~") ? "" : column.title}
            placeholder={dataset.fields.find(each => each.name === column.formula)?.label ?? ""}
            onInput={title => set(at, { ...column, title })}
            maxLength={60}
          />
          {at > 0 && (
            <Button
              icon="up"
              label={t("reports.raise", { n: at + 1 })}
              onClick={() => onChange({ columns: raised(draft.columns, at) })}
            >
              {t("reports.up")}
            </Button>
          )}
          {draft.columns.length > 1 && (
            <Button label={t("reports.removeColumn", { n: at + 1 })} onClick={() => set(at, null)}>
              {t("reports.remove")}
            </Button>
          )}
        </div>
      ))}
      {draft.columns.length < MOST.columns && (
        <AddColumn
          dataset={dataset}
          grouped={draft.groups.length > 0}
          onAdd={formula => onChange({ columns: [...draft.columns, { formula, title: "" }] })}
        />
      )}
    </fieldset>
  );
}

interface AddColumnProps {
  dataset: DatasetOf;
  grouped: boolean;
  onAdd: (formula: string) => void;
}

function AddColumn({ dataset, grouped, onAdd }: AddColumnProps) {
  const fields = dataset.fields.filter(field => field.may);
  const [name, setName] = useState(fields[0]?.name ?? "");
  const field = fields.find(each => each.name === name) ?? fields[0];
  const [wish, setTotal] = useState("");
  const totals = grouped ? (field?.totals ?? []) : ["", ...(field?.totals ?? [])];
  const total = totals.includes(wish) ? wish : (totals[0] ?? "");
  if (!field) return null;
  return (
    <div class="report-row add">
      <Select
        label={t("reports.field")}
        hint={field.about}
        value={field.name}
        options={fields.map(each => ({ value: each.name, label: `${each.label} (${each.name})` }))}
        onChange={setName}
      />
      <Select
        label={t("reports.total")}
        value={total}
        options={totals.map(value => ({
          value,
          label: t(`reports.total_${(value || "none") as "none" | "sum"}`),
        }))}
        onChange={setTotal}
      />
      <Button data-testid="add-column" onClick={() => onAdd(formulaOf(field.name, total))}>
        {t("reports.addColumn")}
      </Button>
    </div>
  );
}

const CHARTS = ["", "bar", "line", "pie", "heat"] as const;

/** Period, order, length and chart. */
export function Looks({ dataset, draft, onChange }: PartProps) {
  const names = [
    ...draft.groups.map(group => labelOf(dataset, group.field)),
    ...draft.columns.map(column => labelOf(dataset, column.formula)),
  ];
  const sort = draft.sort[0];
  return (
    <fieldset class="report-part">
      <legend>{t("reports.looks")}</legend>
      <div class="report-row">
        {dataset.time && (
          <Select
            label={t("reports.period")}
            value={draft.period || "all"}
            options={PERIODS.map(value => ({ value, label: t(`reports.period_${value}`) }))}
            onChange={period => onChange({ period: period as Draft["period"] })}
          />
        )}
        <Select
          label={t("reports.sortBy")}
          value={sort ? String(sort.by) : ""}
          options={[
            { value: "", label: t("reports.sortNone") },
            ...names.map((label, at) => ({ value: String(at), label })),
          ]}
          onChange={by =>
            onChange({ sort: by === "" ? [] : [{ by: Number(by), down: sort?.down ?? true }] })
          }
        />
        {sort && (
          <Select
            label={t("reports.direction")}
            value={sort.down ? "down" : "up"}
            options={[
              { value: "down", label: t("reports.down") },
              { value: "up", label: t("reports.upwards") },
            ]}
            onChange={way => onChange({ sort: [{ ...sort, down: way === "down" }] })}
          />
        )}
        <Field
          label={t("reports.limit")}
          inputMode="numeric"
          value={String(draft.limit)}
          onInput={text => onChange({ limit: Math.max(1, Number(text.replace(/\D/g, "")) || 1) })}
        />
      </div>
      <Choices
        label={t("reports.chart")}
        value={draft.chart}
        options={CHARTS.map(value => ({ value, label: t(`reports.chart_${value || "none"}`) }))}
        onChange={chart => onChange({ chart })}
      />
    </fieldset>
  );
}

function labelOf(dataset: DatasetOf, formula: string): string {
  return dataset.fields.find(field => field.name === formula)?.label ?? formula;
}
