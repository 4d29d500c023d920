import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { Keypad, ManualEntry, Prompt, Screen } from "../../ui";
import type { Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { scanned, slotWords, ToteStopScreen } from "./cart";
import { readTote, type Tote, type ToteReading } from "./totes";

interface FullToteProps {
  task: Task;
  totes: readonly Tote[];
  tote: Tote;
  qty: number;
  onFull: (code: string, inside: number) => unknown;
  onBack: () => void;
}

/** The tote is full: how many went in, and which one takes the others. */
export function FullTote({ task, totes, tote, qty, onFull, onBack }: FullToteProps) {
  const [typed, setTyped] = useState("");
  const [inside, setInside] = useState<number | null>(null);
  const fits = typed !== "" && Number(typed) < qty;
  if (inside !== null)
    return (
      <OtherTote {...{ task, totes, tote, qty, inside, onFull }} onBack={() => setInside(null)} />
    );
  return (
    <Screen
      title={task.title}
      back={onBack}
      actions={
        <Keypad
          label={t("picker.toteFullHow", { n: qty, tote: slotWords(tote) })}
          value={typed}
          onChange={setTyped}
          onSubmit={() => (fits ? setInside(Number(typed)) : feedback("wrong"))}
          submitLabel={t("common.next")}
          maxLength={6}
        />
      }
    >
      <Prompt icon="keys">{t("picker.toteFullHow", { n: qty, tote: slotWords(tote) })}</Prompt>
      <p class="soft">{t("picker.toteFullHint")}</p>
    </Screen>
  );
}

type OtherToteProps = FullToteProps & { inside: number };

function OtherTote({ task, totes, tote, qty, inside, onFull, onBack }: OtherToteProps) {
  const [wrong, setWrong] = useState<Extract<ToteReading, { kind: "stop" }> | null>(null);
  const empty = { ...tote, code: null };
  useScans(async scan => {
    const read = readTote(empty, totes, scanned(scan));
    setWrong(read.kind === "stop" ? read : null);
    if (read.kind === "stop") return feedback("wrong");
    await onFull(read.code, inside);
  });
  return (
    <Screen
      title={task.title}
      back={onBack}
      trailing={<TrayButton />}
      actions={<ManualEntry hint={t("picker.toteHint")} />}
    >
      <Prompt>{t("picker.toteFullScan", { n: qty - inside })}</Prompt>
      <p class="soft">{t("picker.forOrder", { order: tote.order_number })}</p>
      {wrong && <ToteStopScreen wrong={wrong} tote={undefined} onClose={() => setWrong(null)} />}
    </Screen>
  );
}
