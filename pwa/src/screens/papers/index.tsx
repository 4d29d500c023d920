import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps, type Routes } from "../../router";
import { connection, now, role } from "../../shell";
import { doneUpTo, useRows } from "../../sync";
import { Badge, Card, List, ListItem } from "../../ui";
import { read } from "../desk/ask";
import { Due, OrderState } from "../desk/due";
import { Desk, orderPath } from "../desk/frame";
import { PapersCard } from "./card";
import type { LackingOrders } from "./types";
import { usePapers } from "./use-papers";
import { paperWord } from "./words";

/** The packing bench has no other view to go back from. */
function home(): { back?: string } {
  return role.value === "packer" ? { back: "/packer" } : {};
}

/** Orders that lack papers, the most urgent first. */
function Lacking() {
  const { found, problem } = useLacking();
  const open = (id: string) =>
    navigate(role.value === "packer" ? `/papers/${encodeURIComponent(id)}` : orderPath(id));
  return (
    <Desk view="papers" {...home()}>
      {problem && <p role="alert">{problem}</p>}
      <Card title={t("papers.lackTitle")}>
        {found?.more && <p class="soft">{t("papers.lackMore")}</p>}
        <List label={t("papers.lackTitle")} empty={t(found ? "papers.lackNone" : "common.loading")}>
          {(found?.orders ?? []).map(order => (
            <ListItem
              key={order.id}
              title={
                <span class="row" data-testid={`lacking-${order.number}`}>
                  {order.number}
                  <OrderState state={order.state} />
                  {order.country && <Badge tone="neutral">{order.country}</Badge>}
                </span>
              }
              detail={
                <>
                  {order.customer_name} · <Due order={order} />
                  <br />
                  {t("papers.lacks", { papers: order.papers.map(paperWord).join(", ") })}
                </>
              }
              onClick={() => open(order.id)}
            />
          ))}
        </List>
      </Card>
    </Desk>
  );
}

/** Asked again when an order moves, when this device's work is answered, and now and then. */
function useLacking(): { found: LackingOrders | undefined; problem: string | undefined } {
  const [found, setFound] = useState<LackingOrders>();
  const [problem, setProblem] = useState<string>();
  const moved = useRows("order").reduce((latest, row) => Math.max(latest, row.changed_at), 0);
  const minute = Math.floor(now.value / 60_000);
  const { online } = connection.value;
  useEffect(() => {
    void read<LackingOrders>("/documents/papers").then(got => {
      if (got.ok) setFound(got.body);
      setProblem(got.ok ? undefined : got.words);
    });
  }, [moved, minute, online, doneUpTo.value]);
  return { found, problem };
}

/** One order's papers, for whoever does not see its story. */
function Order({ params }: RouteProps) {
  const id = params.id ?? "";
  const { found } = usePapers(id);
  const about = found && { title: found.number, subtitle: found.customer_name };
  return (
    <Desk view="papers" back="/papers" {...about}>
      <PapersCard order={id} />
    </Desk>
  );
}

export const routes: Routes = { "": Lacking, ":id": Order };
