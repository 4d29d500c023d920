import { formatNumber, t } from "../../i18n";
import type { PersonRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { useRows } from "../../sync";
import type { Column } from "../../ui";
import { DeviceTable, useDevices } from "../desk/device-table";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { PersonActions } from "../desk/person-actions";
import { word } from "../desk/words";

/** Who is here, on which device, and what has not reached the server yet. */
export function PeopleView(_: RouteProps) {
  return (
    <Desk view="people">
      <DeviceTable />
      <People />
    </Desk>
  );
}

function People() {
  const people = [...useRows("person", ({ active }) => active)].sort(byRole);
  const tasks = useRows("task", ({ state }) => state === "held");
  const devices = useDevices().filter(({ online }) => online);
  const columns: Column<PersonRow>[] = [
    { key: "name", title: t("desk.person"), cell: person => <strong>{person.name}</strong> },
    { key: "role", title: t("supervisor.work"), cell: person => word("role", person.role) },
    {
      key: "device",
      title: t("desk.device"),
      cell: person => devices.find(device => device.person === person.id)?.name ?? "–",
    },
    {
      key: "held",
      title: t("supervisor.tasksInHand"),
      align: "end",
      cell: person => formatNumber(tasks.filter(task => task.assignee === person.id).length),
    },
    {
      key: "actions",
      title: t("supervisor.signIn"),
      cell: person => <PersonActions person={person} />,
    },
  ];
  return (
    <LongTable
      name="people"
      caption={t("supervisor.peopleTitle")}
      columns={columns}
      rows={people}
      rowKey={person => person.id}
    />
  );
}

function byRole(a: PersonRow, b: PersonRow): number {
  return a.role.localeCompare(b.role) || a.name.localeCompare(b.name);
}
