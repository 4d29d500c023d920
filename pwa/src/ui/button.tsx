import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  /** One primary button a screen: the usual next step. */
  kind?: "primary" | "secondary" | "danger";
  icon?: IconName;
  type?: "button" | "submit";
  disabled?: boolean;
  /** The id of the form that it submits where it does not stand inside it. */
  form?: string;
  /** For a button whose visible words alone do not tell what it acts on. */
  label?: string;
  "data-testid"?: string;
}

export function Button(props: ButtonProps) {
  const { children, kind = "secondary", icon, type = "button", disabled = false } = props;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={disabled}
      form={props.form}
      aria-label={props.label}
      data-testid={props["data-testid"]}
      onClick={props.onClick}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
