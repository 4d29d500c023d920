import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { REST } from "../../ops/picking-rest";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { Button, ManualEntry, Prompt, Screen } from "../../ui";
import type { Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { type CartProps, scanned, slotWords, ToteStopScreen, type Wrong } from "./cart";
import { LAST_NUMBER } from "./cures";
import { FullTote } from "./full-tote";
import { HOME } from "./places";
import { freeSlot, readTote, type Tote } from "./totes";

/** Every pick of a cart ends with a scan of the tote it was put into. */
export function PutToTote({ task, walker, totes }: CartProps) {
  const put = walker.put.value;
  const tote = totes.find(({ slot }) => slot === put?.line.slot);
  if (!put || !tote) return null;
  const { qty, line } = put;
  const into = (code: string) => walker.putInto(code);
  const mayPart = line.no + REST <= LAST_NUMBER;
  const full = (code: string, inside: number) => walker.fillTote(freeSlot(totes), code, inside);
  return (
    <PutInto
      {...{ task, totes, tote, qty }}
      name={line.name}
      back={HOME}
      onRight={into}
      {...(mayPart && { onFull: full })}
    />
  );
}

interface PutIntoProps {
  task: Task;
  totes: readonly Tote[];
  tote: Tote;
  qty: number;
  name: string;
  back: string | (() => void);
  onRight: (code: string) => unknown;
  /** The tote is full with so many of the pieces; the others go into the tote of this code. */
  onFull?: (code: string, inside: number) => unknown;
}

/** So many pieces go into this tote: its scan proves it. */
export function PutInto(props: PutIntoProps) {
  const { task, totes, tote, qty, name, back, onRight, onFull } = props;
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [full, setFull] = useState(false);
  useScans(async scan => {
    const read = readTote(tote, totes, scanned(scan));
    setWrong(read.kind === "stop" ? read : null);
    if (read.kind === "stop") return feedback("wrong");
    await onRight(read.code);
  });
  if (full && onFull)
    return <FullTote {...{ task, totes, tote, qty, onFull }} onBack={() => setFull(false)} />;
  return (
    <Screen
      title={task.title}
      back={back}
      trailing={<TrayButton />}
      actions={
        <>
          {onFull && (
            <Button data-testid="tote-full" onClick={() => setFull(true)}>
              {t("picker.toteFull")}
            </Button>
          )}
          <ManualEntry hint={t("picker.toteHint")} />
        </>
      }
    >
      <Prompt spoken={t("voice.tote", { slot: tote.slot })}>{t("picker.putInto")}</Prompt>
      <p class="big-code" data-testid="slot">
        {slotWords(tote)}
      </p>
      <p data-testid="what">{t("picker.pieceOf", { n: qty, name })}</p>
      <p class="soft">{t("picker.forOrder", { order: tote.order_number })}</p>
      {wrong && <ToteStopScreen wrong={wrong} tote={tote} onClose={() => setWrong(null)} />}
    </Screen>
  );
}
