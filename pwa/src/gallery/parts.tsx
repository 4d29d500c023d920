import { useState } from "preact/hooks";
import type { Routes } from "../router";
import {
  Badge,
  Button,
  CameraScanner,
  Card,
  Choices,
  Facts,
  Field,
  List,
  ListItem,
  Progress,
  QrShow,
  Screen,
  Select,
  Switch,
} from "../ui";

function Tasks() {
  return (
    <Screen
      title="My tasks"
      subtitle="Mei Lin · zone A"
      actions={
        <Button kind="primary" icon="next">
          Start the next one
        </Button>
      }
    >
      <Progress done={2} total={7} label="Tasks done" />
      <List label="Tasks">
        <ListItem
          current
          title="T-4031 · 12 lines"
          detail="Due 15:30 · about 18 min · zone A"
          trailing={<Badge tone="wrong">Urgent</Badge>}
          onClick={() => {}}
        />
        <ListItem
          title="T-4032 · 5 lines"
          detail="Due 16:00 · about 7 min · zone A"
          trailing={<Badge tone="info">Open</Badge>}
          onClick={() => {}}
        />
        <ListItem
          title="T-4027 · 8 lines"
          detail="Held by the supervisor"
          trailing={<Badge tone="warn">Held</Badge>}
          onClick={() => {}}
        />
        <ListItem
          title="T-4019 · 9 lines"
          detail="Finished 13:42"
          trailing={<Badge tone="right">Done</Badge>}
        />
        <ListItem
          title="T-4018 · 一个非常长的标题，用来看看换行和截断的情况如何"
          detail="2026-EC-123455-AN-UNBROKEN-REFERENCE-THAT-IS-VERY-LONG"
          trailing={<Badge>Closed</Badge>}
        />
      </List>
    </Screen>
  );
}

function Buttons() {
  return (
    <Screen title="Buttons and states" back="/gallery">
      <Button kind="primary" icon="check">
        Confirm 4 tins
      </Button>
      <Button icon="camera">Secondary</Button>
      <Button kind="danger" icon="stop">
        Cancel the order
      </Button>
      <Button disabled>Not possible now</Button>
      <Button kind="primary" disabled>
        Not possible now
      </Button>
      <div class="row">
        <Badge>Closed</Badge>
        <Badge tone="info">Picking</Badge>
        <Badge tone="right">Delivered</Badge>
        <Badge tone="warn">Late</Badge>
        <Badge tone="wrong">Refused</Badge>
      </div>
      <Card title="Order" trailing={<Badge tone="info">Picking</Badge>}>
        <Facts
          rows={[
            ["Customer", "Harbour Tea House Ltd"],
            ["Order", <span class="code">2026-EC-123456</span>],
            ["Ship to", "12 Long Street, 200001 上海市黄浦区"],
          ]}
        />
      </Card>
    </Screen>
  );
}

function Form() {
  const [name, setName] = useState("Chen Wei");
  const [post, setPost] = useState("2000");
  const [reason, setReason] = useState("damaged");
  const [on, setOn] = useState(true);
  return (
    <Screen title="Form" back="/gallery">
      <Field label="Receiver's name" required value={name} onInput={setName} />
      <Field
        label="Postcode"
        value={post}
        onInput={setPost}
        error="2000 has 4 digits; a Chinese postcode has 6. Add the missing two."
      />
      <Field label="Note" multiline value="" onInput={() => {}} hint="Seen by the supervisor." />
      <Select
        label="Reason"
        value={reason}
        onChange={setReason}
        options={[
          { value: "damaged", label: "Damaged" },
          { value: "short", label: "Short" },
        ]}
      />
      <Choices
        label="Outcome"
        value={reason}
        onChange={setReason}
        options={[
          { value: "damaged", label: "Damaged" },
          { value: "short", label: "Too few in the bin" },
        ]}
      />
      <Switch label="Sounds" hint="A tone for right and wrong." checked={on} onChange={setOn} />
      <Switch label="Speech" checked={!on} onChange={value => setOn(!value)} />
    </Screen>
  );
}

function Camera() {
  const [hit, setHit] = useState("");
  return (
    <Screen title="Camera" back="/gallery">
      <CameraScanner onScan={(raw, symbology) => setHit(symbology + raw)} />
      <output class="code" data-testid="hit">
        {hit}
      </output>
    </Screen>
  );
}

const FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];

export const partPages: Routes = {
  tasks: Tasks,
  buttons: Buttons,
  form: Form,
  camera: Camera,
  qr: () => (
    <Screen title="Enrol a device" back="/gallery">
      <QrShow matrix={FINDER} label="Scan within 10 minutes" />
    </Screen>
  ),
};
