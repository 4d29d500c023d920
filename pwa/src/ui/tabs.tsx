export interface TabsProps {
  /** What the views have in common, read out. */
  label: string;
  items: readonly { path: string; label: string }[];
  /** The path of the view on show. */
  current: string;
}

/** Links to the views of one subject, each with its own address. */
export function Tabs({ label, items, current }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {items.map(item => (
        <a
          key={item.path}
          href={`#${item.path}`}
          aria-current={item.path === current ? "page" : undefined}
        >
          {item.label}
        </a>
      ))}
    </nav>
  );
}
