import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { useScans } from "../../scan/use-scans";
import {
  BarButton,
  BigInstruction,
  Button,
  Keypad,
  ManualEntry,
  NextStop,
  Progress,
  Prompt,
  Screen,
} from "../../ui";
import { voice } from "../../voice/choice";
import { SpokenDigits } from "../../voice/spoken-digits";
import { Alert } from "../floor/alert";
import { FinishButton } from "../floor/finish-button";
import type { Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import type { Carrier } from "./carrier";
import { MoveProblem } from "./move-problem";
import { MoveStop } from "./move-stop";
import { left, type MoveLine, type Position } from "./mover";
import { home } from "./places";
import { spokenMove } from "./spoken";
import "../floor/floor.css";

interface Shared {
  task: Task;
  carrier: Carrier;
}

/** One line at a time: from where, what, how many, to where. */
export function MoveScreen({ task, carrier }: Shared) {
  const [view, setView] = useState<"steps" | "quantity" | "problem">("steps");
  const line = carrier.line.value;
  const at = carrier.at.value;
  useScans(scan => carrier.take(scan));
  useEffect(() => setView("steps"), [line?.no, at?.step]);
  if (!line || !at) return <Finish task={task} carrier={carrier} />;
  const steps = () => setView("steps");
  if (view === "problem") return <MoveProblem line={line} carrier={carrier} onBack={steps} />;
  if (view === "quantity" && at.step === "quantity")
    return <QuantityStep line={line} at={at} carrier={carrier} onBack={steps} />;
  return (
    <Screen
      title={task.title}
      subtitle={t(`stock.kind_${task.kind as MoveKind}`)}
      back={home()}
      trailing={
        <>
          <BarButton
            icon="undo"
            label={t("common.undo")}
            disabled={at.step === "from"}
            onClick={() => carrier.back()}
          />
          <TrayButton />
        </>
      }
      actions={<Actions line={line} at={at} onView={setView} />}
    >
      <Progress done={task.lines - carrier.ahead.value.length} total={task.lines} />
      <div data-testid="prompt">
        <Prompt spoken={spokenMove(line, at, voice.value.listen)}>{prompt(line, at)}</Prompt>
      </div>
      {namesPlace(line, at) && <SpokenDigits key={at.step} />}
      <Instruction line={line} at={at} />
      <NextStop place={nextPlace(line, at, carrier.ahead.value[1])} />
      {carrier.stop.value && <MoveStop stop={carrier.stop.value} line={line} carrier={carrier} />}
    </Screen>
  );
}

/** Whether this step asks for one place that is known: only such a place has check digits. */
function namesPlace(line: MoveLine, { step }: Position): boolean {
  return step === "from" || (step === "to" && line.to_bin !== "");
}

/** While the goods are fetched their destination is next, then the next line's source. */
function nextPlace(line: MoveLine, { step }: Position, after: MoveLine | undefined): string {
  if (step !== "to") return line.to_bin || t("stock.anyPlace");
  return after?.from_bin ?? t("picker.last");
}

type MoveKind = "putaway" | "replenish" | "transfer" | "putback";

/** The place that the worker goes to now stands on top: first the source, then the destination. */
function Instruction({ line, at }: { line: MoveLine; at: Position }) {
  const going = at.step === "to";
  const fetching = at.step === "from";
  const to = line.to_bin || t("stock.anyPlace");
  return (
    <div data-testid={going ? "to" : at.step}>
      <BigInstruction
        where={going ? to : line.from_bin}
        whereDetail={going ? t("stock.from", { bin: line.from_bin }) : t("stock.to", { bin: to })}
        what={line.name}
        whatDetail={
          <span class="what-detail">
            <span class="code">{line.sku}</span>
            {line.lot && <strong>{t("floor.lotOf", { lot: line.lot })}</strong>}
            {line.expiry && <span>{t("floor.goodUntil", { date: line.expiry })}</span>}
          </span>
        }
        quantity={going ? at.qty : left(line)}
        counted={going ? 0 : at.qty}
        unit={t("picker.pieces")}
        step={going || fetching ? "where" : at.step === "quantity" ? "quantity" : "what"}
      />
    </div>
  );
}

interface ActionsProps {
  line: MoveLine;
  at: Position;
  onView: (view: "quantity" | "problem") => void;
}

function Actions({ line, at, onView }: ActionsProps) {
  return (
    <>
      <Button data-testid="problem" icon="warn" onClick={() => onView("problem")}>
        {t("picker.problem")}
      </Button>
      {at.step === "quantity" ? (
        <Button
          kind="primary"
          icon="keys"
          data-testid="type-quantity"
          onClick={() => onView("quantity")}
        >
          {t("picker.typeQuantity")}
        </Button>
      ) : (
        <ManualEntry hint={hint(line, at)} />
      )}
    </>
  );
}

interface QuantityStepProps {
  line: MoveLine;
  at: Position;
  carrier: Carrier;
  onBack: () => void;
}

/** How many go in this one go, after one piece was scanned. Scans go on counting meanwhile. */
function QuantityStep({ line, at, carrier, onBack }: QuantityStepProps) {
  const [value, setValue] = useState("");
  const submit = () => {
    if (!carrier.amount(Number(value))) setValue("");
  };
  return (
    <Screen
      title={t("picker.typeQuantity")}
      subtitle={line.from_bin}
      back={onBack}
      actions={
        <Keypad
          label={t("picker.typeQuantity")}
          value={value}
          onChange={setValue}
          onSubmit={submit}
          submitLabel={value === "" ? t("common.ok") : t("picker.take", { n: Number(value) })}
          maxLength={6}
        />
      }
    >
      {carrier.tooMany.value ? (
        <Alert id="too-many">{t("picker.tooMany", { n: left(line) })}</Alert>
      ) : (
        <Prompt icon="keys">{t("picker.howMany", { name: line.name, n: left(line) })}</Prompt>
      )}
      <p class="soft number">{t("picker.counted", { n: at.qty })}</p>
    </Screen>
  );
}

/** Every line is there, or reported: the task may end. */
function Finish({ task, carrier }: Shared) {
  const total = carrier.lines.value.length;
  return (
    <Screen
      title={task.title}
      back={home()}
      trailing={<TrayButton />}
      actions={<FinishButton task={task} op="moving.finish_move" home={home()} />}
    >
      <Progress done={total} total={total} />
      <Prompt icon="check">{t("picker.summary")}</Prompt>
    </Screen>
  );
}

function prompt(line: MoveLine, { step }: Position): string {
  if (step === "from") return t("picker.scanBin");
  if (step === "item") return t("picker.scanItem");
  if (step === "lot") return t("picker.scanLot", { lot: line.lot });
  if (step === "quantity") return t("picker.scanEach");
  return t(line.to_bin ? "stock.scanTo" : "stock.scanAnyTo");
}

function hint(line: MoveLine, { step }: Position): string {
  if (step === "from") return t("picker.binHint", { bin: line.from_bin });
  if (step === "to") return t("picker.binHint", { bin: line.to_bin || "A01-01-1" });
  return step === "lot" ? t("picker.lotHint") : t("picker.itemHint", { sku: line.sku });
}
