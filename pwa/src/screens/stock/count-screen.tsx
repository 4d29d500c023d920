import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch, useRows } from "../../sync";
import {
  Badge,
  BigInstruction,
  Button,
  FullStop,
  Keypad,
  List,
  ListItem,
  ManualEntry,
  Progress,
  Prompt,
  Screen,
} from "../../ui";
import { voice } from "../../voice/choice";
import { SpokenDigits } from "../../voice/spoken-digits";
import { FinishButton } from "../floor/finish-button";
import { saved } from "../floor/saved";
import type { Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { cameNow } from "./carrier";
import "./stock.css";
import {
  type Counting,
  type CountLine,
  counting,
  type Outcome,
  openLines,
  readWhat,
  readWhere,
} from "./counter";
import { home } from "./places";
import { spokenCount } from "./spoken";

type Stop = Extract<Outcome, { kind: "stop" }>;

/** One bin, counted without knowing what the books have. */
export function CountScreen({ task }: { task: Task }) {
  const lines = useRows("count_line", line => line.task === task.id);
  const [there, setThere] = useState(false);
  const [what, setWhat] = useState<Counting | null>(null);
  const [stop, setStop] = useState<Stop | null>(null);
  const take = (raw: RawScan) => {
    const came = cameNow(raw);
    const outcome = there ? readWhat(lines, task.ref, came) : readWhere(task.ref, came);
    setStop(outcome.kind === "stop" ? outcome : null);
    feedback(outcome.kind === "stop" ? "wrong" : "right");
    if (outcome.kind === "there") setThere(true);
    if (outcome.kind === "count") setWhat(outcome.what);
  };
  if (what) return <HowMany task={task} what={what} onDone={() => setWhat(null)} />;
  return (
    <Listening onScan={take}>
      <Screen
        title={task.title}
        subtitle={t("stock.kind_count")}
        back={home()}
        trailing={<TrayButton />}
        actions={<Actions task={task} there={there} open={openLines(lines).length} />}
      >
        <Progress done={lines.length - openLines(lines).length} total={lines.length} />
        <div data-testid="prompt">
          <Prompt spoken={spokenCount(task.ref, there, lines, voice.value.listen)}>
            {prompt(there, lines)}
          </Prompt>
        </div>
        {!there && <SpokenDigits />}
        {there ? (
          <Items lines={lines} onCount={setWhat} />
        ) : (
          <BigInstruction where={task.ref} step="where" />
        )}
        {stop && (
          <CountStop
            stop={stop}
            bin={task.ref}
            onCount={counted => {
              setStop(null);
              setWhat(counted);
            }}
            onClose={() => setStop(null)}
          />
        )}
      </Screen>
    </Listening>
  );
}

function prompt(there: boolean, lines: readonly CountLine[]): string {
  if (!there) return t("picker.scanBin");
  return t(openLines(lines).length > 0 ? "stock.scanCounted" : "stock.anythingElse");
}

/** Scans belong to the step on show: while a number is typed they wait there. */
function Listening({
  onScan,
  children,
}: {
  onScan: (raw: RawScan) => void;
  children: preact.ComponentChildren;
}) {
  useScans(onScan);
  return <>{children}</>;
}

function Items({
  lines,
  onCount,
}: {
  lines: readonly CountLine[];
  onCount: (what: Counting) => void;
}) {
  return (
    <List label={t("stock.inThisBin")} empty={t("stock.nothingListed")}>
      {[...lines]
        .sort((a, b) => a.no - b.no)
        .map(line => (
          <ListItem
            key={line.no}
            title={line.name}
            detail={line.lot ? `${line.sku} · ${t("floor.lotOf", { lot: line.lot })}` : line.sku}
            trailing={<Counted line={line} />}
            {...(line.state === "open" && { onClick: () => onCount(counting(line)) })}
          />
        ))}
    </List>
  );
}

function Counted({ line }: { line: CountLine }) {
  if (line.state === "open") return null;
  return <Badge tone="right">{t("stock.countedN", { n: line.counted ?? 0 })}</Badge>;
}

interface ActionsProps {
  task: Task;
  there: boolean;
  open: number;
}

function Actions({ task, there, open }: ActionsProps) {
  return (
    <>
      <ManualEntry hint={there ? t("stock.countHint") : t("picker.binHint", { bin: task.ref })} />
      {there && open === 0 && (
        <FinishButton
          task={task}
          op="counting.finish_count"
          home={home()}
          label={t("stock.binDone")}
        />
      )}
    </>
  );
}

interface HowManyProps {
  task: Task;
  what: Counting;
  onDone: () => void;
}

/** All pieces of one item that lie in the bin; none is a number, too. */
function HowMany({ task, what, onDone }: HowManyProps) {
  const [value, setValue] = useState("");
  useScans(() => feedback("wrong"));
  const { no, sku, lot, code } = what;
  const record = async () => {
    const body = { task: task.id, line: no, bin: task.ref, sku, lot, code, epoch: task.epoch };
    const ok = await saved(() =>
      dispatch("counting.record_count", { ...body, qty: Number(value) }),
    );
    if (!ok) return;
    feedback("right");
    onDone();
  };
  return (
    <Screen
      title={t("stock.howManyHere")}
      subtitle={task.ref}
      back={onDone}
      actions={
        <Keypad
          label={t("stock.howManyHere")}
          value={value}
          onChange={setValue}
          onSubmit={() => void record()}
          submitLabel={value === "" ? t("common.ok") : t("stock.record", { n: Number(value) })}
          maxLength={6}
        />
      }
    >
      <h2 class="counted-item" data-testid="what">
        {what.name}
      </h2>
      {lot && <strong>{t("floor.lotOf", { lot })}</strong>}
      <Prompt icon="keys" spoken={t("voice.howMany", { name: what.name })}>
        {t("stock.countAll")}
      </Prompt>
    </Screen>
  );
}

interface CountStopProps {
  stop: Stop;
  bin: string;
  onCount: (what: Counting) => void;
  onClose: () => void;
}

function CountStop({ stop, bin, onCount, onClose }: CountStopProps) {
  const { besides } = stop;
  return (
    <div data-testid="stop" data-why={stop.why}>
      <FullStop
        {...wordsOf(stop, bin)}
        scanned={stop.scanned}
        actions={
          besides && (
            <Button data-testid="count-too" onClick={() => onCount(besides)}>
              {t("stock.countToo")}
            </Button>
          )
        }
        onClose={onClose}
      />
    </div>
  );
}

function wordsOf({ why }: Stop, bin: string): { title: string; expected?: string; mend: string } {
  switch (why) {
    case "location":
    case "location_first":
      return {
        title: t("picker.wrongLocation"),
        expected: bin,
        mend: t("picker.goTo", { bin }),
      };
    case "counted":
      return { title: t("stock.isCounted"), mend: t("stock.isCountedMend") };
    case "not_listed":
      return { title: t("stock.notListed"), mend: t("stock.notListedMend") };
    case "doubtful":
      return { title: t("floor.doubtful"), mend: t("floor.readLabel") };
    default:
      return { title: t("floor.notReadable"), mend: t("floor.notReadableMend") };
  }
}
