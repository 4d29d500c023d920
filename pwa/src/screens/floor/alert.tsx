import { Icon } from "../../ui";

/** What went wrong, in place, read out at once. */
export function Alert({ children, id }: { children: string; id: string }) {
  return (
    <p role="alert" class="alert" data-testid={id}>
      <Icon name="stop" />
      <span>{children}</span>
    </p>
  );
}
