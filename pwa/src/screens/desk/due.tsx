import { formatDate, formatDuration, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { now } from "../../shell";
import { Badge } from "../../ui";
import { lateness } from "./lateness";
import { orderTone, word } from "./words";

export interface DueProps {
  order: Pick<OrderRow, "state" | "due_at">;
  /** When it will be finished, where anybody knows. */
  expected?: number | null;
}

/** When an order is due, and how it stands against that, in words and colour. */
export function Due({ order, expected = null }: DueProps) {
  const { kind, ms } = lateness(order, now.value, expected);
  const at = formatDate(order.due_at);
  const age = formatDuration(ms);
  if (kind === "late") return <Badge tone="wrong">{t("desk.lateBy", { age })}</Badge>;
  if (kind === "willBeLate") return <Badge tone="warn">{t("board.willBeLateBy", { age })}</Badge>;
  if (kind === "soon") return <Badge tone="warn">{t("desk.dueIn", { age })}</Badge>;
  return <span class={kind === "over" ? "soft" : ""}>{at}</span>;
}

/** When it is expected at its door, for those that are on their way. */
export function Arrival({ order }: { order: Pick<OrderRow, "eta" | "delayed"> }) {
  if (order.eta === null) return null;
  return (
    <span class="row">
      <span class="soft">{t("desk.expected", { time: formatDate(order.eta) })}</span>
      {order.delayed && <Badge tone="wrong">{t("service.delayed")}</Badge>}
    </span>
  );
}

export function OrderState({ state }: { state: string }) {
  return <Badge tone={orderTone(state)}>{word("state", state)}</Badge>;
}
