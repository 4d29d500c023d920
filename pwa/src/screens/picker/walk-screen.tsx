import { useEffect, useState } from "preact/hooks";
import { explain, t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { connection } from "../../shell";
import {
  BarButton,
  Button,
  ManualEntry,
  NextStop,
  Progress,
  Prompt,
  Screen,
  toast,
} from "../../ui";
import { voice } from "../../voice/choice";
import { SpokenDigits } from "../../voice/spoken-digits";
import { PauseAsk } from "../floor/parked";
import { rerouteTask, type Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { AisleMap } from "./aisle-map";
import { Instruction } from "./instruction";
import { HOME, shortPath } from "./places";
import { Fewer, QuantityPad } from "./quantity";
import { spokenStep } from "./spoken";
import { Undo } from "./undo-ask";
import type { Line, Position } from "./walk";
import { StopScreen } from "./walk-stop";
import type { Walker } from "./walker";
import { Asked } from "./zero-check";

export interface WalkProps {
  task: Task;
  walker: Walker;
}

/** One line at a time: where, what, how many. */
export function Walk({ task, walker }: WalkProps) {
  const [view, setView] = useState<"steps" | "map" | "quantity">("steps");
  const [pausing, setPausing] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const line = walker.line.value;
  const at = walker.at.value;
  useScans(scan => walker.take(scan));
  useEffect(() => setView("steps"), [line?.no]);
  if (!line || !at) return <Screen title={t("common.loading")} back={HOME} />;
  const steps = () => setView("steps");
  if (view === "quantity" && at.step === "quantity")
    return (
      <>
        <QuantityPad line={line} walker={walker} onBack={steps} />
        <Overlays task={task} line={line} walker={walker} />
      </>
    );
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={
        <>
          <BarButton icon="pause" label={t("picker.pause")} onClick={() => setPausing(true)} />
          <BarButton
            icon="pin"
            label={t(view === "map" ? "picker.list" : "picker.map")}
            testId="map-toggle"
            onClick={() => setView(view === "map" ? "steps" : "map")}
          />
          <TrayButton />
        </>
      }
      actions={
        <Actions {...{ line, at, walker }} onView={setView} onUndo={() => setUndoing(true)} />
      }
    >
      <Progress done={task.lines - walker.ahead.value.length} total={task.lines} />
      {view === "map" ? (
        <>
          <AisleMap walker={walker} />
          <Reroute task={task} walker={walker} />
        </>
      ) : (
        <Steps line={line} at={at} walker={walker} />
      )}
      <Overlays task={task} line={line} walker={walker} />
      {pausing && <PauseAsk task={task} onClose={() => setPausing(false)} />}
      {undoing && <Undo walker={walker} onClose={() => setUndoing(false)} />}
    </Screen>
  );
}

/** Whoever has left the planned walk has it planned again from where they are. */
function Reroute({ task, walker }: WalkProps) {
  const go = async () => {
    const told = await rerouteTask(task, walker.lastHere.value?.bin);
    feedback(told ? "wrong" : "right");
    toast(told ? explain(told.code, told.data) : t("picker.rerouted"));
  };
  return (
    <Button data-testid="reroute" disabled={!connection.value.online} onClick={() => void go()}>
      {t("picker.reroute")}
    </Button>
  );
}

function Steps({ line, at, walker }: { line: Line; at: Position; walker: Walker }) {
  const after = walker.ahead.value[1];
  return (
    <>
      <div data-testid="prompt">
        {walker.note.value === "again" ? (
          <Prompt icon="check">{t("picker.again")}</Prompt>
        ) : (
          <Prompt spoken={spokenStep(line, at, voice.value.listen)}>{prompt(line, at)}</Prompt>
        )}
      </div>
      {at.step === "where" && <SpokenDigits />}
      <Instruction line={line} at={at} />
      <NextStop place={after?.bin ?? t("picker.last")} />
    </>
  );
}

/** What lies over the walk: a stop after a wrong scan, a question after too small a number. */
function Overlays({ task, line, walker }: WalkProps & { line: Line }) {
  return (
    <>
      {walker.stop.value && (
        <StopScreen stop={walker.stop.value} line={line} task={task} walker={walker} />
      )}
      <Asked walker={walker} />
      {walker.fewer.value !== null && (
        <Fewer line={line} found={walker.fewer.value} onClose={() => walker.clear()} />
      )}
    </>
  );
}

interface ActionsProps {
  line: Line;
  at: Position;
  walker: Walker;
  onView: (view: "steps" | "map" | "quantity") => void;
  onUndo: () => void;
}

function Actions({ line, at, walker, onView, onUndo }: ActionsProps) {
  const skip = () => {
    const skipped = walker.skip();
    if (skipped) toast(t("picker.skipped", { bin: skipped.bin }));
  };
  return (
    <>
      <div class="pair">
        <Button
          data-testid="undo"
          disabled={at.step === "where" && !walker.undoable}
          onClick={() => (at.step === "where" ? onUndo() : walker.back())}
        >
          {t("picker.undoLast")}
        </Button>
        <Button data-testid="skip" disabled={walker.ahead.value.length < 2} onClick={skip}>
          {t("picker.skip")}
        </Button>
        <Button data-testid="problem" onClick={() => navigate(shortPath(line))}>
          {t("picker.problem")}
        </Button>
      </div>
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

function prompt(line: Line, { step }: Position): string {
  if (step === "where") return t("picker.scanBin");
  if (step === "what") return t("picker.scanItem");
  if (step === "lot")
    return line.lot ? t("picker.scanLot", { lot: line.lot }) : t("floor.scanAnyLot");
  if (step === "expiry") return t("floor.scanExpiry");
  if (step === "serial") return t("floor.scanSerial");
  return t(line.tracks.includes("serial") ? "floor.scanEachSerial" : "picker.scanEach");
}

function hint(line: Line, { step }: Position): string {
  if (step === "where") return t("picker.binHint", { bin: line.bin });
  if (step === "expiry") return t("floor.expiryHint");
  if (step === "serial") return t("floor.serialHint");
  return step === "lot" ? t("picker.lotHint") : t("picker.itemHint", { sku: line.sku });
}
