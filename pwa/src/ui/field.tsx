import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icon";

interface Common {
  label: string;
  hint?: string;
  /** What is wrong and how to mend it. */
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

export interface FieldProps extends Common {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "number" | "email" | "tel" | "date" | "time" | "datetime-local" | "search";
  inputMode?: "text" | "numeric" | "decimal" | "tel" | "email" | "none";
  multiline?: boolean;
  maxLength?: number;
  placeholder?: string;
  autoComplete?: string;
  name?: string;
}

/** A labelled text field; `error` is read out with it. */
export function Field(props: FieldProps) {
  const { value, onInput, multiline = false, type = "text" } = props;
  const take = (event: Event) =>
    onInput((event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value);
  return (
    <Labelled {...props}>
      {described => {
        const shared = {
          ...described,
          value,
          onInput: take,
          name: props.name,
          maxLength: props.maxLength,
          placeholder: props.placeholder,
        };
        if (multiline) return <textarea {...shared} />;
        return (
          <input
            {...shared}
            // Preact types each kind of input apart; they are alike in all that is used here.
            type={type as "text"}
            inputMode={props.inputMode}
            autocomplete={props.autoComplete ?? "off"}
          />
        );
      }}
    </Labelled>
  );
}

export interface SelectProps extends Common {
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

export function Select(props: SelectProps) {
  return (
    <Labelled {...props}>
      {described => (
        <select
          {...described}
          value={props.value}
          onChange={event => props.onChange(event.currentTarget.value)}
        >
          {props.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface Described {
  id: string;
  required: boolean;
  disabled: boolean;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

function Labelled(props: Common & { children: (described: Described) => VNode }) {
  const { label, hint, error, required = false, disabled = false, children } = props;
  const id = useId();
  const described: Described = {
    id,
    required,
    disabled,
    "aria-invalid": error !== undefined,
    "aria-describedby": hint || error ? `${id}-about` : undefined,
  };
  return (
    <div class={error ? "field invalid" : "field"}>
      <label for={id}>
        {label} {required && <span class="required">({t("ui.required")})</span>}
      </label>
      {children(described)}
      <div id={`${id}-about`} aria-live="polite">
        {error ? <FieldError>{error}</FieldError> : hint && <p class="hint">{hint}</p>}
      </div>
    </div>
  );
}

function FieldError({ children }: { children: ComponentChildren }) {
  return (
    <p class="error">
      <Icon name="stop" />
      <span>{children}</span>
    </p>
  );
}

export interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** On or off, at once. The word stands inside, so that colour is not alone. */
export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={checked}
      onClick={() => onChange(!checked)}
    >
      <span>
        <strong>{label}</strong>
        {hint && <span class="soft">{hint}</span>}
      </span>
      <span class="track" aria-hidden="true">
        {t(checked ? "settings.on" : "settings.off")}
      </span>
    </button>
  );
}

export interface ChoicesProps<T extends string> {
  label: string;
  value: T | null;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight: faster with gloves than a list that unfolds. */
export function Choices<T extends string>({ label, value, options, onChange }: ChoicesProps<T>) {
  return (
    <fieldset class="choices" aria-label={label}>
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
