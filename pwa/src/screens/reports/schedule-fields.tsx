import { LANGUAGES, t } from "../../i18n";
import { Choices, Field, Select } from "../../ui";
import type { Plan } from "./schedule";
import { weekday } from "./values";

interface ValuesSelectProps {
  value: string;
  onChange: (value: string) => void;
}

/** What a file says where the database has a code. */
export function ValuesSelect({ value, onChange }: ValuesSelectProps) {
  return (
    <Select
      label={t("reports.values")}
      value={value}
      options={(["words", "codes"] as const).map(each => ({
        value: each,
        label: t(`reports.values_${each}`),
      }))}
      onChange={onChange}
    />
  );
}

interface PlanFieldsProps {
  plan: Plan;
  onChange: (part: Partial<Plan>) => void;
  problem: string | undefined;
}

/** When a report goes, to whom, and as what. */
export function PlanFields({ plan, onChange, problem }: PlanFieldsProps) {
  return (
    <div class="stack">
      <Choices
        label={t("reports.every")}
        value={plan.every}
        options={(["day", "week", "month"] as const).map(value => ({
          value,
          label: t(`reports.every_${value}`),
        }))}
        onChange={every => onChange({ every, on: "1" })}
      />
      <On plan={plan} onChange={on => onChange({ on })} />
      <Field
        label={t("reports.time")}
        hint={t("reports.timeHint")}
        type="time"
        value={plan.time}
        onInput={time => onChange({ time })}
      />
      <Field
        label={t("reports.to")}
        hint={t("reports.toHint")}
        multiline
        value={plan.to}
        onInput={to => onChange({ to })}
        error={problem}
        name="to"
      />
      <Select
        label={t("reports.format")}
        value={plan.format}
        options={[
          { value: "xlsx", label: "Excel" },
          { value: "csv", label: "CSV" },
          { value: "pdf", label: "PDF" },
        ]}
        onChange={format => onChange({ format: format as Plan["format"] })}
      />
      <Select
        label={t("reports.language")}
        value={plan.lang}
        options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        onChange={lang => onChange({ lang: lang as Plan["lang"] })}
      />
      <ValuesSelect
        value={plan.values}
        onChange={values => onChange({ values: values as Plan["values"] })}
      />
    </div>
  );
}

function On({ plan, onChange }: { plan: Plan; onChange: (on: string) => void }) {
  if (plan.every === "day") return null;
  const days = plan.every === "week" ? 7 : 31;
  return (
    <Select
      label={t(plan.every === "week" ? "reports.onWeekday" : "reports.onDay")}
      {...(plan.every === "month" && { hint: t("reports.onDayHint") })}
      value={plan.on}
      options={Array.from({ length: days }, (_, at) => ({
        value: String(at + 1),
        label: plan.every === "week" ? weekday(at + 1) : String(at + 1),
      }))}
      onChange={onChange}
    />
  );
}
