import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui";

export interface ViewGroup {
  label: string;
  items: readonly { path: string; label: string }[];
}

export interface ViewsProps {
  /** What the views have in common. */
  label: string;
  groups: readonly ViewGroup[];
  /** The path of the view on show. */
  current: string;
}

/** Links to a desk's views, each with its own address. On a phone they stand behind a button that
 * says which is on show. */
export function Views({ label, groups, current }: ViewsProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const shown = groups.flatMap(group => group.items).find(item => item.path === current)?.label;
  const closes = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <nav class={`views ${open ? "open" : ""}`} aria-label={label} onKeyDown={closes}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {shown ? `${label}: ${shown}` : label}
        <Icon name={open ? "up" : "down"} />
      </button>
      <div class="groups" id={id}>
        {groups.map((group, at) => (
          <section key={group.label} aria-labelledby={`${id}-${at}`}>
            <p class="section-title" id={`${id}-${at}`}>
              {group.label}
            </p>
            <ul>
              {group.items.map(item => (
                <li key={item.path}>
                  <a
                    href={`#${item.path}`}
                    aria-current={item.path === current ? "page" : undefined}
                  >
                    {item.label}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  );
}
