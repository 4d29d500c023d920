import "./story.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatDate, formatNumber, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { role } from "../../shell";
import { useRow } from "../../sync";
import { Badge, Button, Card, type Column, Facts, Table } from "../../ui";
import { read } from "../desk/ask";
import { Due, OrderState } from "../desk/due";
import { Desk, problemsPath } from "../desk/frame";
import { problemWords, word } from "../desk/words";
import { PapersCard } from "../papers/card";
import { AddNote } from "./add-note";
import { AddressButton } from "./address";
import { isClerk } from "./address-text";
import { CancelOrder, mayCancel } from "./cancel";
import { Evidence } from "./evidence";
import { HoldButton } from "./hold";
import { money } from "./money";
import { Notices } from "./notices";
import { ReturnButton } from "./open-return";
import { Paper } from "./paper";
import { Pin, ProofButton } from "./proof-buttons";
import { Returns } from "./returns";
import type { OrderStory, StoryLine, StoryStop } from "./story-types";
import { Timeline } from "./timeline";
import { TrackLink } from "./track-link";

const REST_MS = 300;

/** One order's whole story, which follows the order while it is on show. */
export function Story({ params }: RouteProps) {
  const { story, problem } = useStory(params.id ?? "");
  const back = role.value === "service" ? "/service" : "/orders";
  if (!story)
    return (
      <Desk view="find" back={back}>
        <p role={problem ? "alert" : "status"}>{problem ?? t("common.loading")}</p>
      </Desk>
    );
  return (
    <Desk view="find" title={story.number} subtitle={story.customer_name} back={back}>
      {problem && <p role="alert">{problem}</p>}
      <div class="order">
        <div class="stack">
          <Head order={story} />
          <Lines lines={story.lines} />
          <Parcels order={story} />
          <PapersCard order={story.id} />
          <Stops stops={story.stops} order={story} />
          <Returns order={story} />
          <Notices order={story} />
          <Evidence order={story} />
        </div>
        <Card title={t("service.story")}>
          <div class="stack">
            <AddNote order={story.id} />
            <Timeline story={story.story} />
          </div>
        </Card>
      </div>
    </Desk>
  );
}

/** Fetched again, once things rest, whenever the order's row on the board moves. */
function useStory(id: string): { story: OrderStory | undefined; problem: string | undefined } {
  const [story, setStory] = useState<OrderStory>();
  const [problem, setProblem] = useState<string>();
  const changed = useRow("order", id)?.changed_at;
  const latest = useRef(0);
  const first = useRef(true);
  useEffect(() => {
    const fetchIt = async () => {
      const mine = ++latest.current;
      const got = await read<OrderStory>(`/api/orders/${encodeURIComponent(id)}`);
      if (mine !== latest.current) return;
      if (got.ok) setStory(got.body);
      setProblem(got.ok ? undefined : got.words);
    };
    const timer = setTimeout(() => void fetchIt(), first.current ? 0 : REST_MS);
    first.current = false;
    return () => clearTimeout(timer);
  }, [id, changed]);
  return { story, problem };
}

function Head({ order }: { order: OrderStory }) {
  const [cancelling, setCancelling] = useState(false);
  const { ship_to: to } = order;
  const address = [to.name, to.street, `${to.postcode ?? ""} ${to.city ?? ""}`, to.country];
  return (
    <Card
      title={order.number}
      trailing={
        <span data-testid="state">
          <OrderState state={order.state} />
        </span>
      }
    >
      <div class="stack">
        <Facts
          rows={[
            [t("desk.customer"), <Customer order={order} />],
            [t("service.ref"), order.ref],
            [t("desk.due"), <Due order={order} />],
            ...(order.expected
              ? ([[t("service.expectedAt"), <Coming expected={order.expected} />]] as const)
              : []),
            [t("service.placed"), formatDate(order.placed_at)],
            [t("service.shipTo"), address.filter(line => line?.trim()).join(", ")],
            ...(to.phone
              ? ([[t("service.phone"), <a href={`tel:${to.phone}`}>{to.phone}</a>]] as const)
              : []),
            ...(to.email ? ([[t("service.email"), to.email]] as const) : []),
            [t("service.total"), money(order.total, order.currency)],
            [t("service.track"), <TrackLink path={order.track} />],
          ]}
        />
        {order.discrepancies.map(problem => (
          <p key={problem.id} class="row">
            <a href={`#${problemsPath(problem.id)}`}>
              <Badge tone="warn">{problemWords(problem.kind)}</Badge>
            </a>
          </p>
        ))}
        <div class="row">
          {isClerk() && mayCancel(order.state) && <HoldButton order={order} />}
          <AddressButton order={order} />
          <ReturnButton order={order} />
          {mayCancel(order.state) && (
            <Button kind="danger" onClick={() => setCancelling(true)}>
              {t("service.cancel")}
            </Button>
          )}
        </div>
      </div>
      {cancelling && <CancelOrder order={order} onClose={() => setCancelling(false)} />}
    </Card>
  );
}

function Customer({ order }: { order: OrderStory }) {
  return (
    <span class="row">
      <span>{`${order.customer_name} (${order.customer})`}</span>
      {order.cancels_often > 0 && (
        <Badge tone="warn">{t("service.cancelsOften", { n: order.cancels_often })}</Badge>
      )}
    </span>
  );
}

function Coming({ expected }: { expected: NonNullable<OrderStory["expected"]> }) {
  const { by, at, delayed } = expected;
  // Midnight would read as the next day.
  const time = by === "van" ? formatDate(at) : t("service.byCarrier", { time: formatDate(at - 1) });
  return (
    <span class="row">
      <span data-testid="coming">{time}</span>
      {delayed && <Badge tone="wrong">{t("service.delayed")}</Badge>}
    </span>
  );
}

function Lines({ lines }: { lines: readonly StoryLine[] }) {
  const figure = (key: "qty" | "picked" | "shipped" | "delivered"): Column<StoryLine> => ({
    key,
    title: t(`service.${key}`),
    align: "end",
    cell: line =>
      key !== "qty" && line[key] === 0 ? (
        <span class="soft">–</span>
      ) : (
        <span class={key !== "qty" && line[key] < line.qty ? "less" : ""}>
          {formatNumber(line[key])}
        </span>
      ),
  });
  const columns: Column<StoryLine>[] = [
    {
      key: "item",
      title: t("service.item"),
      cell: line => (
        <span class="two-lines">
          <span>{line.name}</span>
          <span class="soft code">{line.sku}</span>
          {line.substitute && (
            <Badge tone="info">
              {t("service.instead", { n: line.substituted, sku: line.substitute })}
            </Badge>
          )}
        </span>
      ),
    },
    figure("qty"),
    figure("picked"),
    figure("shipped"),
    figure("delivered"),
  ];
  return (
    <div class="order-lines">
      <Table columns={columns} rows={lines} rowKey={line => String(line.no)} />
    </div>
  );
}

function Parcels({ order }: { order: OrderStory }) {
  if (order.parcels.length === 0) return null;
  return (
    <Card title={t("service.parcels")}>
      <ul class="stack">
        {order.parcels.map(parcel => (
          <li key={parcel.number} class="row">
            <strong class="code">{parcel.number}</strong>
            {parcel.weight_g > 0 && (
              <span class="soft">
                {formatNumber(parcel.weight_g / 1000, { style: "unit", unit: "kilogram" })}
              </span>
            )}
            <Paper path={`/documents/labels/${encodeURIComponent(parcel.number)}.pdf`}>
              {t("service.label")}
            </Paper>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Expected({ stop }: { stop: StoryStop }) {
  return (
    <span class="row">
      <span data-testid="expected">{formatDate(stop.eta ?? 0)}</span>
      {stop.delayed && <Badge tone="wrong">{t("service.delayed")}</Badge>}
    </span>
  );
}

function Stops({ stops, order }: { stops: readonly StoryStop[]; order: OrderStory }) {
  if (stops.length === 0) return null;
  return (
    <Card title={t("service.delivery")}>
      <div class="stack">
        {stops.map(stop => (
          <div key={stop.id} class="stack">
            <Facts
              rows={[
                [
                  t("service.run"),
                  t("service.runStop", { number: stop.run_number, seq: stop.seq }),
                ],
                [
                  t("desk.state"),
                  stop.outcome ? word("outcome", stop.outcome) : word("stop", stop.state),
                ],
                ...(stop.reason ? ([[t("desk.reason"), word("why", stop.reason)]] as const) : []),
                ...(stop.vehicle ? ([[t("supervisor.vehicle"), stop.vehicle]] as const) : []),
                ...(stop.eta && stop.state === "planned"
                  ? ([[t("service.expectedAt"), <Expected stop={stop} />]] as const)
                  : []),
                ...(stop.arrived_at
                  ? ([[t("service.arrivedAt"), formatDate(stop.arrived_at)]] as const)
                  : []),
              ]}
            />
            <ProofButton stop={stop} order={order} />
          </div>
        ))}
        <Pin order={order} />
      </div>
    </Card>
  );
}
