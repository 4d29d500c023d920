import { formatNumber, t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { Icon } from "../../ui";
import { word } from "../desk/words";
import { dragged } from "./drag";

/** The lane of work that nobody has. */
export const QUEUE = "-";

const ROLES = ["picker", "packer", "driver"];

/** Everybody who works on the floor, and the queue: what is dropped on one is given to them. */
export function Lanes({
  tasks,
  people,
}: {
  tasks: readonly TaskRow[];
  people: readonly PersonRow[];
}) {
  const held = new Map<string, number>();
  for (const { state, assignee } of tasks)
    if (state === "held" && assignee) held.set(assignee, (held.get(assignee) ?? 0) + 1);
  const workers = people
    .filter(({ active, role }) => active && ROLES.includes(role))
    .sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name));
  const queue = tasks.filter(({ state }) => state === "open").length;
  return (
    <ul
      class={dragged.value ? "lanes dragging" : "lanes"}
      aria-label={t("acting.lanes")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too.
      tabIndex={0}
    >
      <Lane id={QUEUE} name={t("acting.nobodyYet")} held={queue} />
      {workers.map(({ id, name, role }) => (
        <Lane key={id} id={id} name={name} role={role} held={held.get(id) ?? 0} />
      ))}
    </ul>
  );
}

function Lane(props: { id: string; name: string; role?: string; held: number }) {
  const { id, name, role, held } = props;
  const over = dragged.value?.over === id;
  return (
    <li class={over ? "over" : ""} data-lane={id}>
      <Icon name={role ? "person" : "flag"} />
      <span>
        <strong>{name}</strong> {role && <span class="soft">{word("role", role)}</span>}
      </span>
      <span class="number">{formatNumber(held)}</span>
    </li>
  );
}

/** What is being dragged, below the pointer. */
export function DragGhost() {
  const now = dragged.value;
  if (!now) return null;
  const [first] = now.tasks;
  const words =
    now.tasks.length === 1 ? first?.title : t("acting.dragging", { n: now.tasks.length });
  return (
    <div
      class="drag-ghost"
      aria-hidden="true"
      style={{ transform: `translate(${now.x}px, ${now.y}px)` }}
    >
      {words}
    </div>
  );
}
