import type { Routes } from "../router";
import { Views } from "../screens/desk/views";
import { Badge, BarButton, Card, type Column, Progress, Screen, Table, type Tone } from "../ui";

interface Order {
  id: string;
  customer: string;
  state: string;
  tone: Tone;
  lines: number;
  due: string;
}

const ORDERS: Order[] = [
  ["2026-EC-123456", "Harbour Tea House Ltd", "Picking", "info", 12, "15:30"],
  ["2026-EC-123457", "上海外滩贸易有限公司", "Late", "wrong", 48, "13:00"],
  ["2026-OD-000981", "Northern Clinics", "Packed", "right", 3, "16:00"],
  ["2026-ED-004410", "Kowloon Stationery", "Held", "warn", 27, "17:15"],
  ["2026-EC-123460", "A. Smith", "Confirmed", "neutral", 1, "18:00"],
].map(
  ([id, customer, state, tone, lines, due]) => ({ id, customer, state, tone, lines, due }) as Order,
);

const COLUMNS: Column<Order>[] = [
  { key: "id", title: "Order", cell: o => o.id, sortBy: o => o.id },
  { key: "customer", title: "Customer", cell: o => o.customer, sortBy: o => o.customer },
  { key: "state", title: "State", cell: o => <Badge tone={o.tone}>{o.state}</Badge> },
  { key: "lines", title: "Lines", align: "end", cell: o => o.lines, sortBy: o => o.lines },
  { key: "due", title: "Due", align: "end", cell: o => o.due, sortBy: o => o.due },
];

const FIGURES = [
  ["Open tasks", "41"],
  ["Picks an hour", "1,284"],
  ["Late orders", "2"],
  ["Devices on-line", "17 / 18"],
] as const;

function Board() {
  return (
    <Screen
      title="Live board"
      subtitle="Warehouse Shanghai 1"
      wide
      trailing={<BarButton icon="search" label="Find" onClick={() => {}} />}
    >
      <Views
        label="Views"
        current="/gallery/board"
        groups={[
          {
            label: "Floor",
            items: [
              { path: "/gallery/board", label: "Orders" },
              { path: "/gallery/tasks", label: "Tasks" },
            ],
          },
          { label: "Delivery", items: [{ path: "/gallery/buttons", label: "Exceptions" }] },
        ]}
      />
      <div class="grid tiles">
        {FIGURES.map(([name, value]) => (
          <Card key={name} class="figure-tile">
            <p class="section-title">{name}</p>
            <p class="value">{value}</p>
          </Card>
        ))}
      </div>
      <div class="grid">
        <Card title="Wave 3" trailing={<Badge tone="info">Picking</Badge>}>
          <Progress done={31} total={84} />
        </Card>
        <div class="span-all">
          <Table
            caption="Orders"
            columns={COLUMNS}
            rows={ORDERS}
            rowKey={o => o.id}
            onOpen={() => {}}
          />
        </div>
      </div>
    </Screen>
  );
}

export const deskPages: Routes = { board: Board };
