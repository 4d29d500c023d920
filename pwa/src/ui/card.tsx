import type { ComponentChildren } from "preact";
import { Icon } from "./icon";
import { SIGNS, type Tone } from "./tone";

export interface CardProps {
  title?: string;
  /** A badge or a small control beside the title. */
  trailing?: ComponentChildren;
  children: ComponentChildren;
  /** Further classes of the grid, such as `span-2`. */
  class?: string;
}

export function Card({ title, trailing, children, class: extra = "" }: CardProps) {
  return (
    <section class={`card ${extra}`}>
      {(title || trailing) && (
        <header>
          {title && <h2>{title}</h2>}
          {trailing}
        </header>
      )}
      {children}
    </section>
  );
}

/** A state: sign, word and colour. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={SIGNS[tone]} />
      {children}
    </span>
  );
}

/** Names and values, one a row. */
export function Facts({
  rows,
}: {
  rows: readonly (readonly [name: string, value: ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
