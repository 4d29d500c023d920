import { useState } from "preact/hooks";
import { formatDate, t } from "../../i18n";
import type { ConsignmentRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { useRows } from "../../sync";
import { Badge, Button, Card, List, ListItem, type Tone } from "../../ui";
import { Desk, orderPath } from "../desk/frame";
import { BookPickup } from "./book-pickup";
import { couldBeOne, endOf, money, type ToFetch, toFetch, underway, waiting } from "./consigning";
import { Offers } from "./offers";

const TOLD_TONES: Readonly<Record<string, Tone>> = {
  attempt_failed: "warn",
  exception: "wrong",
  returning: "warn",
  returned: "wrong",
  cancelled: "wrong",
  out_for_delivery: "info",
  delivered: "right",
};

/** What is packed and waits for somebody to carry it, and what carriers have. */
export function Carriers(_: RouteProps) {
  const rows = useRows("consignment");
  const [comparing, setComparing] = useState<readonly string[] | null>(null);
  const [booking, setBooking] = useState<ToFetch | null>(null);
  const here = waiting(rows);
  const away = underway(rows);
  const byId = new Map(rows.map(row => [row.id, row]));
  const compared = comparing?.flatMap(id => byId.get(id) ?? []) ?? [];
  return (
    <Desk view="carriers">
      {toFetch(rows).length > 0 && (
        <div class="toolbar">
          {toFetch(rows).map(each => (
            <Button
              key={each.carrier}
              icon="truck"
              data-testid={`book-${each.carrier}`}
              onClick={() => setBooking(each)}
            >
              {t("carriers.bookOf", { carrier: each.name })}
            </Button>
          ))}
        </div>
      )}
      {couldBeOne(rows).map(group => (
        <Together key={group[0]?.id} group={group} onCompare={setComparing} />
      ))}
      <Card title={t("carriers.waiting")}>
        <List label={t("carriers.waiting")} empty={t("carriers.none")}>
          {here.map(row => (
            <Waiting key={row.id} row={row} onCompare={() => setComparing([row.id])} />
          ))}
        </List>
      </Card>
      <Card title={t("carriers.underway")}>
        <List label={t("carriers.underway")} empty={t("carriers.noneUnderway")}>
          {away.map(row => (
            <Underway key={row.id} row={row} />
          ))}
        </List>
      </Card>
      {compared.length > 0 && <Offers rows={compared} onClose={() => setComparing(null)} />}
      {booking && <BookPickup what={booking} onClose={() => setBooking(null)} />}
    </Desk>
  );
}

interface TogetherProps {
  group: readonly ConsignmentRow[];
  onCompare: (ids: readonly string[]) => void;
}

function Together({ group, onCompare }: TogetherProps) {
  const n = group.length;
  return (
    <Card title={t("carriers.together", { n })}>
      <div class="stack">
        <p>{group.map(row => row.order_number).join(", ")}</p>
        <p class="soft">{t("carriers.togetherHint")}</p>
        <div class="toolbar">
          <Button data-testid="consolidate" onClick={() => onCompare(group.map(row => row.id))}>
            {t("carriers.consolidate", { n })}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Order({ row }: { row: ConsignmentRow }) {
  return <a href={`#${orderPath(row.order)}`}>{row.order_number}</a>;
}

/** Who takes it, for what, and under which number. */
function taker(row: ConsignmentRow): string {
  const price = money(row.total, row.currency);
  const service = row.service_name === row.carrier_name ? "" : ` ${row.service_name}`;
  return `${row.carrier_name}${service} · ${row.number} · ${price}`;
}

function Waiting({ row, onCompare }: { row: ConsignmentRow; onCompare: () => void }) {
  return (
    <ListItem
      title={<Order row={row} />}
      detail={
        <span data-testid={`consignment-${row.order_number}`}>
          {t("carriers.parcels", { n: row.parcels })} ·{" "}
          {row.carrier ? taker(row) : t("carriers.noCarrier")}
          {row.pickup_at > 0 && ` · ${t("carriers.booked", { time: formatDate(row.pickup_at) })}`}
        </span>
      }
      trailing={
        <Button
          label={t(row.carrier ? "carriers.rechooseOf" : "carriers.compareOf", {
            order: row.order_number,
          })}
          data-testid={`compare-${row.order_number}`}
          onClick={onCompare}
        >
          {t(row.carrier ? "carriers.rechoose" : "carriers.compare")}
        </Button>
      }
    />
  );
}

function Underway({ row }: { row: ConsignmentRow }) {
  return (
    <ListItem
      title={<Order row={row} />}
      detail={`${taker(row)} · ${t("carriers.arrives")} ${endOf(row.arrives_by)}`}
      trailing={
        <Badge tone={TOLD_TONES[row.told] ?? "neutral"}>
          {t(`carriers.told_${row.told as "open"}`)}
        </Badge>
      }
    />
  );
}
