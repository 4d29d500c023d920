import { useState } from "preact/hooks";
import { formatDate, t } from "../../i18n";
import { navigate } from "../../router";
import { Button, type Column, Table } from "../../ui";
import { read } from "../desk/ask";
import { OrderState } from "../desk/due";
import { orderPath } from "../desk/frame";
import { type Asked, path } from "./address";
import type { Behind, Orders } from "./types";
import { useAnswer } from "./use-answer";
import { memberWords } from "./words";

/** The orders to look at, the newest first, page by page. */
export function BehindIt({ what }: { what: Asked }) {
  const first = path(what, "orders");
  const { body, problem } = useAnswer<Orders>(first);
  const [later, setLater] = useState<Orders>();
  const [refused, setRefused] = useState<string>();
  if (problem) return <p role="alert">{problem}</p>;
  if (!body) return <p role="status">{t("common.loading")}</p>;
  const more = (later ?? body).more;
  const next = async () => {
    const got = await read<Orders>(path(what, "orders", { after: more }));
    setRefused(got.ok ? undefined : got.words);
    if (!got.ok) return;
    setLater({ orders: [...(later?.orders ?? []), ...got.body.orders], more: got.body.more });
  };
  return (
    <div class="stack insight-behind" data-testid="behind">
      <Table
        columns={columns()}
        rows={[...body.orders, ...(later?.orders ?? [])]}
        rowKey={order => order.id}
        empty={t("insight.noneBehind")}
        onOpen={order => navigate(orderPath(order.id))}
      />
      {refused && <p role="alert">{refused}</p>}
      {more && <Button onClick={() => void next()}>{t("insight.more")}</Button>}
    </div>
  );
}

function columns(): Column<Behind>[] {
  return [
    { key: "number", title: t("desk.order"), cell: order => order.number },
    { key: "customer", title: t("desk.customer"), cell: order => order.customer_name },
    {
      key: "state",
      title: t("desk.state"),
      cell: order => <OrderState state={order.state} />,
    },
    { key: "placed", title: t("insight.placed"), cell: order => formatDate(order.placed_at) },
    {
      key: "due",
      title: t("desk.due"),
      cell: order => (order.due_at ? formatDate(order.due_at) : "–"),
    },
    { key: "ended", title: t("insight.ended"), cell: order => formatDate(order.ended_at) },
    {
      key: "carrier",
      title: t("insight.of.carrier"),
      cell: order => memberWords("carrier", order.carrier),
    },
  ];
}
