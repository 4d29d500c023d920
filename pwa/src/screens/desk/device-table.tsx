import { useMemo, useState } from "preact/hooks";
import { formatDuration, formatNumber, t } from "../../i18n";
import { now } from "../../shell";
import { replica, useCalmRows, useRows } from "../../sync";
import { Badge, Button, type Column, Dialog, toast } from "../../ui";
import { ask } from "./ask";
import { type KnownDevice, knownDevices, LOW } from "./devices";
import { LongTable } from "./long-table";
import { ago } from "./words";

/** The site's devices with what is known of each; the component follows them. */
export function useDevices(): KnownDevice[] {
  return knownDevices(replica.view("device").value, replica.view("presence").value);
}

/** The same for screens that count them beside much else. */
export function useCalmDevices(): KnownDevice[] {
  const devices = useCalmRows("device");
  const presence = useCalmRows("presence");
  return useMemo(() => knownDevices(devices, presence), [devices, presence]);
}

/** Every device: who has it, whether it is here, what waits on it; and the way to end its use. */
export function DeviceTable() {
  const [ending, setEnding] = useState<KnownDevice>();
  const people = useRows("person");
  const nameOf = (id: string | null) => people.find(person => person.id === id)?.name ?? "–";
  return (
    <>
      <LongTable
        name="devices"
        caption={t("desk.devices")}
        columns={columns(nameOf, setEnding)}
        rows={useDevices()}
        rowKey={device => device.id}
      />
      {ending && <EndUse device={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

function columns(
  nameOf: (id: string | null) => string,
  onEnd: (device: KnownDevice) => void,
): Column<KnownDevice>[] {
  return [
    {
      key: "name",
      title: t("desk.device"),
      cell: device => <strong>{device.name}</strong>,
      sortBy: device => device.name,
    },
    {
      key: "person",
      title: t("desk.person"),
      cell: device => nameOf(device.person),
      sortBy: device => nameOf(device.person),
    },
    {
      key: "state",
      title: t("desk.state"),
      cell: device => <Presence device={device} />,
      sortBy: device => Number(!device.online) + 2 * Number(!device.active),
    },
    {
      key: "seen",
      title: t("board.lastSync"),
      cell: device => <LastSync device={device} />,
      sortBy: device => device.seenAt ?? 0,
    },
    {
      key: "unsent",
      title: t("supervisor.unsent"),
      cell: device => <Unsent device={device} />,
      // The oldest first: what waits longest is nearest to being lost.
      sortBy: device => (device.unsent > 0 ? (device.oldest ?? 0) : Number.MAX_SAFE_INTEGER),
    },
    {
      key: "battery",
      title: t("supervisor.battery"),
      align: "end",
      cell: device => <Battery device={device} />,
      sortBy: device => device.battery ?? 2,
    },
    {
      key: "end",
      title: t("supervisor.access"),
      cell: device =>
        device.active && (
          <Button
            onClick={() => onEnd(device)}
            label={t("supervisor.endDeviceOf", { device: device.name })}
          >
            {t("supervisor.endDevice")}
          </Button>
        ),
    },
  ];
}

function Presence({ device: { active, online } }: { device: KnownDevice }) {
  if (!active) return <Badge tone="wrong">{t("supervisor.ended")}</Badge>;
  if (online) return <Badge tone="right">{t("common.online")}</Badge>;
  return <Badge tone="neutral">{t("common.offline")}</Badge>;
}

/** A device that is here speaks every few seconds; what is written down of it is older. */
function LastSync({ device: { online, seenAt } }: { device: KnownDevice }) {
  if (online) return t("board.now");
  return <span class="soft">{seenAt ? ago(seenAt, now.value) : t("supervisor.neverSeen")}</span>;
}

function Battery({ device: { battery } }: { device: KnownDevice }) {
  if (battery === null) return "–";
  const n = Math.round(100 * battery);
  if (battery > LOW) return t("supervisor.percent", { n });
  return <Badge tone="warn">{t("board.batteryLow", { n })}</Badge>;
}

function Unsent({ device: { unsent, oldest } }: { device: KnownDevice }) {
  if (unsent === 0) return <span class="soft">{t("common.allSent")}</span>;
  const age = oldest === null ? "–" : formatDuration(now.value - oldest);
  return <Badge tone="warn">{t("common.unsent", { n: formatNumber(unsent), age })}</Badge>;
}

function EndUse({ device, onClose }: { device: KnownDevice; onClose: () => void }) {
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    const done = await ask(`/auth/devices/${encodeURIComponent(device.id)}/revoke`);
    if (!done.ok) {
      setProblem(done.words);
      return;
    }
    toast(t("supervisor.deviceEnded", { device: device.name }), { tone: "right" });
    onClose();
  };
  return (
    <Dialog
      title={t("supervisor.endDeviceOf", { device: device.name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" onClick={() => void go()}>
            {t("supervisor.endDevice")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("supervisor.endDeviceHint")}</p>
      {problem && <p role="alert">{problem}</p>}
    </Dialog>
  );
}
