import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./button";
import { Icon } from "./icon";

export interface KeypadProps {
  label: string;
  /** The digits so far. */
  value: string;
  onChange: (value: string) => void;
  onSubmit: () => void;
  submitLabel?: string;
  /** 9 without it. */
  maxLength?: number;
  /** Shows dots: for a PIN. */
  masked?: boolean;
  decimal?: boolean;
  /** Takes physical number keys at once; only where no scan is expected. */
  autoFocus?: boolean;
  disabled?: boolean;
}

/** Entry of digits with gloves: large keys, no on-screen keyboard. Physical keys work in its field. */
export function Keypad(props: KeypadProps) {
  const { label, value, onChange, maxLength = 9, decimal = false, masked = false } = props;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.autoFocus) field.current?.focus();
  }, [props.autoFocus]);

  const accept = (text: string) => onChange(clean(text, decimal).slice(0, maxLength));
  const submit = () => {
    if (value !== "" && !props.disabled) props.onSubmit();
  };
  return (
    <form
      class="keypad"
      aria-label={label}
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        ref={field}
        class={masked ? "shown masked" : "shown"}
        aria-label={label}
        inputMode="none"
        autocomplete="off"
        value={value}
        onInput={event => accept(event.currentTarget.value)}
      />
      {masked && (
        <span class="unseen" role="status">
          {t("ui.digitsEntered", { n: value.length })}
        </span>
      )}
      <Keys
        decimal={decimal}
        onKey={key => accept(value + key)}
        onDelete={() => onChange(value.slice(0, -1))}
      />
      <Button type="submit" kind="primary" disabled={value === "" || props.disabled === true}>
        {props.submitLabel ?? t("common.ok")}
      </Button>
    </form>
  );
}

/** Only digits, and one point where a quantity may be a fraction. */
function clean(text: string, decimal: boolean): string {
  if (!decimal) return text.replace(/\D/g, "");
  const [whole = "", ...rest] = text.replace(",", ".").split(".");
  const digits = whole.replace(/\D/g, "");
  return rest.length === 0 ? digits : `${digits || "0"}.${rest.join("").replace(/\D/g, "")}`;
}

interface KeysProps {
  decimal: boolean;
  onKey: (key: string) => void;
  onDelete: () => void;
}

function Keys({ decimal, onKey, onDelete }: KeysProps) {
  // A tap must not move the focus: a physical key or a scan may follow.
  const keepFocus = (event: Event) => event.preventDefault();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the focus where it is.
    <div class="keys" onPointerDown={keepFocus} onMouseDown={keepFocus}>
      {["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(key => (
        <Key key={key} text={key} onClick={() => onKey(key)} />
      ))}
      {decimal ? <Key text="." onClick={() => onKey(".")} /> : <span />}
      <Key text="0" onClick={() => onKey("0")} />
      <button type="button" class="button" aria-label={t("ui.delete")} onClick={onDelete}>
        <Icon name="delete" />
      </button>
    </div>
  );
}

function Key({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" class="button" onClick={onClick}>
      {text}
    </button>
  );
}
