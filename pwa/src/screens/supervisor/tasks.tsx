import "../acting/acting.css";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PersonRow, TaskRow } from "../../kernel/contract";
import { navigate, type RouteProps } from "../../router";
import { OWN_KEYS } from "../../scan/listen";
import { submit, useRow, useRows } from "../../sync";
import { Field, Select, Switch } from "../../ui";
import { type Filter, matching, type What } from "../acting/acts";
import { Ask } from "../acting/ask";
import { AutoAssign } from "../acting/auto-assign";
import { COMMANDS, type Command, fits } from "../acting/commands";
import { Help } from "../acting/help";
import { useKeys } from "../acting/keys";
import { DragGhost, Lanes, QUEUE } from "../acting/lanes";
import { Menu } from "../acting/menu";
import { perform } from "../acting/perform";
import { ReportDialog } from "../acting/report";
import { focusedTask, moveFocus } from "../acting/row-focus";
import { SelectBar } from "../acting/select-bar";
import { all, chosen, NONE, type Selection, toggled, upTo } from "../acting/selection";
import { UndoList, undoLast } from "../acting/undo-list";
import { refusalWords } from "../desk/ask";
import { shownTasks } from "../desk/board";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { ReasonDialog } from "../desk/reason-dialog";
import { word } from "../desk/words";
import { columns } from "./task-columns";

type Asking = { what: What | "menu" | "auto" | "holdOrder" | "help"; tasks: readonly TaskRow[] };

interface Shown extends Filter {
  over: boolean;
}

/** Work in hand and work that waits, who does it, and all that a supervisor may do about it. */
export function Tasks({ query }: RouteProps) {
  const filter: Shown = {
    text: query.get("q") ?? "",
    kind: query.get("kind") ?? "",
    who: query.get("who") ?? "",
    over: query.has("over"),
  };
  const [selection, setSelection] = useState<Selection>(NONE);
  const [asking, setAsking] = useState<Asking>();
  const tasks = useRows("task");
  const people = useRows("person");
  const rows = matching(shownTasks(tasks, filter.over), filter);
  const order = rows.map(({ id }) => id);
  const selected = chosen(selection, rows);
  const close = () => setAsking(undefined);
  const command = ({ what, act }: Command, on: readonly TaskRow[]) => {
    close();
    if (act) void perform(on.map(task => ({ task, act })));
    else setAsking({ what, tasks: on });
  };
  const subject = () => subjectOf(selected, rows);
  const auto = () => setAsking({ what: "auto", tasks: selected.length > 0 ? selected : rows });
  const keys = useKeys({
    ...Object.fromEntries(
      COMMANDS.map(each => [each.key, () => fits(each, subject()) && command(each, subject())]),
    ),
    ArrowDown: () => moveFocus(1),
    ArrowUp: () => moveFocus(-1),
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    "Shift+ArrowDown": () => extend(1),
    "Shift+ArrowUp": () => extend(-1),
    x: () => withFocus(id => setSelection(now => toggled(now, id))),
    "Control+a": () => setSelection(all(order)),
    Escape: () => setSelection(NONE),
    u: auto,
    z: undoLast,
    m: () => subject().length > 0 && setAsking({ what: "menu", tasks: subject() }),
    "?": () => setAsking({ what: "help", tasks: [] }),
  });
  const extend = (by: number) => {
    const from = focusedTask();
    const to = moveFocus(by);
    if (from && to)
      setSelection(now => upTo(now.anchor ? now : { ...now, anchor: from }, to, order));
  };
  return (
    <Desk view="tasks">
      <Lanes tasks={tasks} people={people} />
      <UndoList />
      <Filters filter={filter} tasks={tasks} people={people} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the list that is inside. */}
      <div class="acting stack" onKeyDown={keys} {...{ [OWN_KEYS]: "" }}>
        <SelectBar
          chosen={selected}
          matching={rows.length}
          onAll={() => setSelection(all(order))}
          onNone={() => setSelection(NONE)}
          onAuto={auto}
          onHelp={() => setAsking({ what: "help", tasks: [] })}
          onCommand={each => command(each, selected)}
        />
        <LongTable
          name="acting"
          columns={columns({
            people,
            isSelected: id => selection.ids.has(id),
            onSelect: (id, range) =>
              setSelection(now => (range ? upTo(now, id, order) : toggled(now, id))),
            onMenu: task => setAsking({ what: "menu", tasks: [task] }),
            dragWith: task => (selection.ids.has(task.id) ? selected : [task]),
            onDrop: (on, lane) => drop(on, lane, people),
          })}
          rows={rows}
          rowKey={task => task.id}
          empty={t("supervisor.noTasks")}
        />
      </div>
      <DragGhost />
      <ReportDialog />
      {asking && (
        <Dialogs
          {...{ asking, people }}
          onCommand={each => command(each, asking.tasks)}
          onHoldOrder={() => setAsking({ ...asking, what: "holdOrder" })}
          onClose={close}
        />
      )}
    </Desk>
  );
}

/** What the keys act on: the selected tasks, or else the one that has the focus. */
function subjectOf(selected: readonly TaskRow[], rows: readonly TaskRow[]): readonly TaskRow[] {
  const focused = focusedTask();
  return selected.length > 0 ? selected : rows.filter(({ id }) => id === focused);
}

function withFocus(run: (id: string) => void): void {
  const id = focusedTask();
  if (id) run(id);
}

function drop(tasks: readonly TaskRow[], lane: string, people: readonly PersonRow[]): void {
  const person = people.find(({ id }) => id === lane);
  if (lane === QUEUE) void perform(tasks.map(task => ({ task, act: { what: "takeBack" } })));
  if (!person) return;
  const { id, name } = person;
  void perform(tasks.map(task => ({ task, act: { what: "assign", person: id, name } })));
}

interface DialogsProps {
  asking: Asking;
  people: readonly PersonRow[];
  onCommand: (command: Command) => void;
  onHoldOrder: () => void;
  onClose: () => void;
}

function Dialogs({ asking, people, onCommand, onHoldOrder, onClose }: DialogsProps) {
  const { what, tasks } = asking;
  const [first] = tasks;
  if (what === "help") return <Help onClose={onClose} />;
  if (what === "auto") return <AutoAssign {...{ tasks, people, onClose }} />;
  if (what === "menu") return <Menu {...{ tasks, onCommand, onHoldOrder, onClose }} />;
  if (what === "holdOrder") return first ? <HoldOrder task={first} onClose={onClose} /> : null;
  return <Ask {...{ what, tasks, people, onClose }} />;
}

function HoldOrder({ task, onClose }: { task: TaskRow; onClose: () => void }) {
  const expects = useRow("order", task.ref)?.state ?? "";
  return (
    <ReasonDialog
      title={t("supervisor.holdOf", { task: task.title })}
      action={t("supervisor.hold")}
      onGo={async reason =>
        refusalWords(await submit("orders.hold_order", { order: task.ref, reason, expects }))
      }
      onClose={onClose}
    >
      {t("supervisor.holdHint")}
    </ReasonDialog>
  );
}

interface FiltersProps {
  filter: Shown;
  tasks: readonly TaskRow[];
  people: readonly PersonRow[];
}

/** In the address, so that a view can be kept and passed on. */
function Filters({ filter, tasks, people }: FiltersProps) {
  const kinds = [...new Set(tasks.map(({ kind }) => kind))].sort();
  const holders = new Set(tasks.map(({ assignee }) => assignee));
  const who = people.filter(({ id }) => holders.has(id) || id === filter.who);
  return (
    <div class="toolbar filters">
      <Field
        label={t("acting.search")}
        type="search"
        value={filter.text}
        placeholder={t("acting.searchHint")}
        onInput={text => show({ ...filter, text })}
      />
      <Select
        label={t("acting.kind")}
        value={filter.kind}
        onChange={kind => show({ ...filter, kind })}
        options={[
          { value: "", label: t("acting.anyKind") },
          ...kinds.map(value => ({ value, label: word("kind", value) })),
        ]}
      />
      <Select
        label={t("acting.who")}
        value={filter.who}
        onChange={next => show({ ...filter, who: next })}
        options={[
          { value: "", label: t("acting.anybody") },
          { value: "-", label: t("acting.nobodyYet") },
          ...who.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Switch
        label={t("supervisor.showOver")}
        checked={filter.over}
        onChange={over => show({ ...filter, over })}
      />
    </div>
  );
}

function show({ text, kind, who, over }: Shown): void {
  const query = new URLSearchParams();
  if (text) query.set("q", text);
  if (kind) query.set("kind", kind);
  if (who) query.set("who", who);
  if (over) query.set("over", "1");
  navigate(`/supervisor/tasks${query.size > 0 ? `?${query}` : ""}`, { replace: true });
}
