import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { Icon } from "./icon";

export interface ListProps {
  children: ComponentChildren;
  /** Said in place of an empty list. */
  empty?: string;
  label?: string;
}

/** Rows of `ListItem`. */
export function List({ children, empty, label }: ListProps) {
  const isEmpty = Array.isArray(children) && children.flat().filter(Boolean).length === 0;
  if (isEmpty || !children) return <p class="list empty">{empty ?? t("ui.emptyList")}</p>;
  return (
    <ul class="list" aria-label={label}>
      {children}
    </ul>
  );
}

export interface ListItemProps {
  title: ComponentChildren;
  detail?: ComponentChildren;
  leading?: ComponentChildren;
  trailing?: ComponentChildren;
  /** The row that the worker is at. */
  current?: boolean;
  onClick?: () => void;
}

export function ListItem(props: ListItemProps) {
  const { onClick, current = false } = props;
  const look = current ? "item current" : "item";
  return (
    <li aria-current={current ? "step" : undefined}>
      {onClick ? (
        <button type="button" class={look} onClick={onClick}>
          <ItemContent {...props} />
          <Icon name="next" />
        </button>
      ) : (
        <div class={look}>
          <ItemContent {...props} />
        </div>
      )}
    </li>
  );
}

function ItemContent({ title, detail, leading, trailing }: ListItemProps) {
  return (
    <>
      {leading}
      <span class="main">
        <span class="title">{title}</span>
        {detail && <span class="detail">{detail}</span>}
      </span>
      {trailing}
    </>
  );
}
