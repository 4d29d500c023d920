import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../ui";

/** What went wrong, in place, read out at once; brought into sight, for a list may be long. */
export function Alert({ children, id }: { children: string; id: string }) {
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => alert.current?.scrollIntoView?.({ block: "nearest" }), [children]);
  return (
    <p ref={alert} role="alert" class="alert" data-testid={id}>
      <Icon name="stop" />
      <span>{children}</span>
    </p>
  );
}
