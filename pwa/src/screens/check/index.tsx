import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { RouteProps, Routes } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { person, role } from "../../shell";
import { dispatch, useRow, useRows } from "../../sync";
import {
  Badge,
  FullStop,
  Keypad,
  List,
  ListItem,
  ManualEntry,
  Progress,
  Prompt,
  Screen,
} from "../../ui";
import { FinishButton } from "../floor/finish-button";
import { Parked, Stopped } from "../floor/parked";
import { saved } from "../floor/saved";
import { TaskGone } from "../floor/task-gone";
import { isHeldBy, type Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { type CheckLine, lineOf, uncounted } from "./check";

const home = () => (role.value === "packer" ? "/packer" : "/picker");

function Own({ params }: RouteProps) {
  const task = useRow("task", params.id ?? "");
  if (!task || !isHeldBy(task, person.value?.id)) return <TaskGone task={task} home={home()} />;
  if (task.stopped) return <Stopped task={task} home={home()} />;
  if (task.paused) return <Parked task={task} home={home()} />;
  return <Check key={task.id} task={task} />;
}

/** Somebody else's picks, counted without knowing how many there should be. */
function Check({ task }: { task: Task }) {
  const lines = useRows("check_line", line => line.task === task.id);
  const [counting, setCounting] = useState<CheckLine | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const take = ({ raw }: RawScan) => {
    const scan = resolve(raw, { year: new Date().getFullYear() });
    const line = lineOf(lines, scan);
    setWrong(line ? null : scan.text || raw);
    feedback(line ? "right" : "wrong");
    if (line) setCounting(line);
  };
  useScans(take);
  if (counting) return <HowMany task={task} line={counting} onDone={() => setCounting(null)} />;
  const open = uncounted(lines);
  const next = open[0];
  return (
    <Screen
      title={task.title}
      subtitle={t("picker.checkTitle")}
      back={home()}
      trailing={<TrayButton />}
      actions={
        next ? (
          <ManualEntry hint={t("picker.itemHint", { sku: next.sku })} />
        ) : (
          <FinishButton
            task={task}
            op="picking.finish_check"
            home={home()}
            label={t("picker.checkFinish")}
            told={t("picker.checkDone", { title: task.title })}
          />
        )
      }
    >
      <Progress done={lines.length - open.length} total={lines.length} />
      {next && (
        <div data-testid="prompt">
          <Prompt icon="scan">{t("picker.checkScan", { tote: next.tote || task.title })}</Prompt>
        </div>
      )}
      <List label={t("picker.checkTitle")}>
        {[...lines]
          .sort((a, b) => a.no - b.no)
          .map(line => (
            <Row key={line.no} line={line} onCount={() => setCounting(line)} />
          ))}
      </List>
      {wrong !== null && (
        <FullStop
          title={t("floor.wrongItem")}
          expected={next?.name ?? ""}
          scanned={wrong}
          mend={t("picker.checkNotHere")}
          onClose={() => setWrong(null)}
        />
      )}
    </Screen>
  );
}

/** Whatever is there may be counted by hand as well: a label may be gone, or nothing be there. */
function Row({ line, onCount }: { line: CheckLine; onCount: () => void }) {
  const { counted } = line;
  const word = counted === null ? t("picker.checkOpen") : t("picker.checkCounted", { n: counted });
  return (
    <ListItem
      title={<span data-testid={`check-${line.sku}`}>{line.name}</span>}
      detail={[line.sku, ...(line.tote ? [line.tote] : [])].join(" · ")}
      trailing={<Badge tone={counted === null ? "neutral" : "right"}>{word}</Badge>}
      onClick={onCount}
    />
  );
}

function HowMany({ task, line, onDone }: { task: Task; line: CheckLine; onDone: () => void }) {
  const [value, setValue] = useState("");
  const words = t("picker.checkHowMany", { name: line.name, tote: line.tote || task.title });
  const record = async () => {
    const { no, sku } = line;
    const body = { task: task.id, line: no, sku, counted: Number(value), epoch: task.epoch };
    if (!(await saved(() => dispatch("picking.check_picked", body)))) return;
    feedback("right");
    onDone();
  };
  return (
    <Screen
      title={line.name}
      back={onDone}
      actions={
        <Keypad
          label={words}
          value={value}
          onChange={setValue}
          onSubmit={() => void record()}
          submitLabel={t("common.ok")}
          maxLength={6}
        />
      }
    >
      <Prompt icon="keys">{words}</Prompt>
    </Screen>
  );
}

export const routes: Routes = { "task/:id": Own };
