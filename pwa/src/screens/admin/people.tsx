import "../acting/acting.css";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { useRows } from "../../sync";
import { Badge, Button, type Column } from "../../ui";
import { Abilities } from "../acting/abilities";
import { SKILLS } from "../acting/skills";
import { DeviceTable } from "../desk/device-table";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { PersonActions } from "../desk/person-actions";
import { word } from "../desk/words";
import { AddPerson } from "./add-person";
import { EndAccess, NewPin } from "./person-dialogs";

type Asking =
  | { what: "add" }
  | { what: "pin"; person: PersonRow }
  | { what: "end"; person: PersonRow }
  | { what: "abilities"; person: PersonRow };

/** Everybody who may sign in, and the devices that they sign in on. */
export function People(_: RouteProps) {
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const people = [...useRows("person")].sort(inUseFirst);
  return (
    <Desk view="people">
      <div class="row">
        <Button icon="person" onClick={() => setAsking({ what: "add" })}>
          {t("admin.addPerson")}
        </Button>
      </div>
      <LongTable
        name="staff"
        caption={t("admin.people")}
        columns={columns(setAsking)}
        rows={people}
        rowKey={person => person.id}
      />
      <DeviceTable />
      {asking?.what === "add" && <AddPerson onClose={close} />}
      {asking?.what === "pin" && <NewPin person={asking.person} onClose={close} />}
      {asking?.what === "abilities" && <Abilities person={asking.person} onClose={close} />}
      {asking?.what === "end" && <EndAccess person={asking.person} onClose={close} />}
    </Desk>
  );
}

function columns(ask: (what: Asking) => void): Column<PersonRow>[] {
  return [
    {
      key: "name",
      title: t("admin.name"),
      cell: person => <strong>{person.name}</strong>,
      sortBy: person => person.name,
    },
    {
      key: "role",
      title: t("admin.role"),
      cell: person => word("role", person.role),
      sortBy: person => word("role", person.role),
    },
    {
      key: "state",
      title: t("desk.state"),
      cell: ({ active }) => (
        <Badge tone={active ? "right" : "wrong"}>
          {t(active ? "admin.active" : "admin.ended")}
        </Badge>
      ),
    },
    {
      key: "actions",
      title: t("supervisor.access"),
      cell: person => person.active && <Actions person={person} ask={ask} />,
    },
  ];
}

function Actions({ person, ask }: { person: PersonRow; ask: (what: Asking) => void }) {
  return (
    <span class="row">
      <PersonActions person={person} />
      {SKILLS[person.role] && (
        <Button
          onClick={() => ask({ what: "abilities", person })}
          label={t("acting.abilitiesOf", { person: person.name })}
        >
          {t("acting.abilities")}
        </Button>
      )}
      <Button
        onClick={() => ask({ what: "pin", person })}
        label={t("admin.setPinOf", { person: person.name })}
      >
        {t("admin.setPin")}
      </Button>
      <Button
        onClick={() => ask({ what: "end", person })}
        label={t("admin.endAccessOf", { person: person.name })}
      >
        {t("admin.endAccess")}
      </Button>
    </span>
  );
}

function inUseFirst(a: PersonRow, b: PersonRow): number {
  return Number(b.active) - Number(a.active) || a.name.localeCompare(b.name);
}
