import { useEffect, useState } from "preact/hooks";
import { formatDate, t } from "../../i18n";
import { navigate } from "../../router";
import { Button, type Column, Table } from "../../ui";
import { read } from "../desk/ask";
import { OrderState } from "../desk/due";
import { orderPath } from "../desk/frame";
import { type Asked, path } from "./address";
import type { Behind, Orders } from "./types";
import { useAnswer } from "./use-answer";
import { memberWords, nameOf, valueWords } from "./words";

/** The orders to look at, the newest first, page by page. */
export function BehindIt({ what }: { what: Asked }) {
  const { body, problem } = useAnswer<Orders>(path(what, "orders"));
  const [later, setLater] = useState<Orders>();
  const [refused, setRefused] = useState<string>();
  useEffect(() => {
    let gone = false;
    const shown = later?.orders.length ?? 0;
    if (body && shown > 0)
      void after(what, body.more, shown).then(got => got && !gone && setLater(got));
    return () => {
      gone = true;
    };
  }, [body]);
  if (problem) return <p role="alert">{problem}</p>;
  if (!body) return <p role="status">{t("common.loading")}</p>;
  const more = (later ?? body).more;
  const next = async () => {
    const got = await read<Orders>(path(what, "orders", { after: more }));
    setRefused(got.ok ? undefined : got.words);
    if (!got.ok) return;
    setLater({ orders: [...(later?.orders ?? []), ...got.body.orders], more: got.body.more });
  };
  const rows = once([...body.orders, ...(later?.orders ?? [])]);
  return (
    <div class="stack insight-behind" data-testid="behind">
      <Table
        columns={columns(what.figure, rows)}
        rows={rows}
        rowKey={order => order.id}
        empty={t("insight.noneBehind")}
        onOpen={order => navigate(orderPath(order.id))}
      />
      {refused && <p role="alert">{refused}</p>}
      {more && <Button onClick={() => void next()}>{t("insight.more")}</Button>}
    </div>
  );
}

/** The pages after the first, until at least so many orders are there again. */
async function after(what: Asked, from: string, count: number): Promise<Orders | undefined> {
  const orders: Behind[] = [];
  let more = from;
  while (more && orders.length < count) {
    const got = await read<Orders>(path(what, "orders", { after: more }));
    if (!got.ok) return undefined;
    orders.push(...got.body.orders);
    more = got.body.more;
  }
  return { orders, more };
}

/** While a page follows the one before it, an order may be on both. */
export function once(orders: readonly Behind[]): Behind[] {
  return [...new Map(orders.map(order => [order.id, order])).values()];
}

function columns(figure: string, rows: readonly Behind[]): Column<Behind>[] {
  const day = (at: number) => (at ? formatDate(at) : "–");
  const own: Column<Behind> = {
    key: "worth",
    title: nameOf(figure),
    align: "end",
    cell: order => valueWords(figure, order.worth),
  };
  return [
    { key: "number", title: t("desk.order"), cell: order => order.number },
    ...(rows.some(order => order.worth !== null) ? [own] : []),
    { key: "customer", title: t("desk.customer"), cell: order => order.customer_name },
    {
      key: "state",
      title: t("desk.state"),
      cell: order => (order.state ? <OrderState state={order.state} /> : "–"),
    },
    { key: "placed", title: t("insight.placed"), cell: order => day(order.placed_at) },
    { key: "due", title: t("desk.due"), cell: order => day(order.due_at) },
    { key: "ended", title: t("insight.ended"), cell: order => day(order.ended_at) },
    {
      key: "carrier",
      title: t("insight.of.carrier"),
      cell: order => memberWords("carrier", order.carrier),
    },
  ];
}
