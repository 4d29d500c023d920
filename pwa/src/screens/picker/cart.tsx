import "./cart.css";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import { FullStop, ManualEntry, Progress, Prompt, Screen } from "../../ui";
import { spelled } from "../../voice/speak";
import { saved } from "../floor/saved";
import type { Task } from "../floor/tasks";
import { TrayButton } from "../floor/tray-button";
import { HOME } from "./places";
import { emptySlots, isOfCart, readTote, type Tote, type ToteReading, toteCode } from "./totes";
import type { Walker } from "./walker";

export interface CartProps {
  task: Task;
  walker: Walker;
  totes: readonly Tote[];
}

export type Wrong = Extract<ToteReading, { kind: "stop" }>;

export function scanned({ raw }: RawScan) {
  return resolve(raw, { year: new Date().getFullYear() });
}

/** Says which tote was expected and which came. The right one takes it away. */
export function ToteStopScreen({
  wrong,
  tote,
  onClose,
}: {
  wrong: Wrong;
  tote: Tote | undefined;
  onClose: () => void;
}) {
  const expected = tote ? slotWords(tote) : t("picker.aTote");
  return (
    <div data-testid="stop" data-why={wrong.why}>
      <FullStop
        title={t(`picker.${wrong.why}`)}
        expected={expected}
        scanned={wrong.scanned}
        onClose={onClose}
      />
    </div>
  );
}

export function slotWords({ slot, code }: Tote): string {
  return code === null ? t("picker.slot", { slot }) : t("picker.slotTote", { slot, tote: code });
}

/** Where the cart stands: any of its totes proves that it is the right one. */
export function FetchCart({ task, walker, totes }: CartProps) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  useScans(scan => {
    const came = scanned(scan);
    if (isOfCart(totes, came)) {
      feedback("right");
      walker.fetched.value = true;
      return;
    }
    feedback("wrong");
    setWrong({ kind: "stop", why: "other_tote", scanned: toteCode(came) ?? came.text });
  });
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={<TrayButton />}
      actions={<ManualEntry hint={t("picker.toteHint")} />}
    >
      <Prompt spoken={`${t("picker.fetchCart")} ${spelled(task.stands)}`}>
        {t("picker.fetchCart")}
      </Prompt>
      <p class="big-code" data-testid="where">
        {task.stands}
      </p>
      <p class="soft">{totes.flatMap(({ code }) => code ?? []).join(" · ")}</p>
      {wrong && <ToteStopScreen wrong={wrong} tote={undefined} onClose={() => setWrong(null)} />}
    </Screen>
  );
}

/** One scan a slot: the tote for each order on the cart. */
export function LoadCart({ task, walker, totes }: CartProps) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const empty = emptySlots(walker.lines.value, totes);
  const next = empty[0];
  useScans(async scan => {
    if (!next) return;
    const read = readTote(next, totes, scanned(scan));
    setWrong(read.kind === "stop" ? read : null);
    if (read.kind === "stop") return feedback("wrong");
    if (await saved(() => assign(task, next.slot, read.code))) feedback("right");
  });
  if (!next) return null;
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={<TrayButton />}
      actions={<ManualEntry hint={t("picker.toteHint")} />}
    >
      <Progress done={totes.length - empty.length} total={totes.length} />
      <Prompt spoken={`${t("picker.loadTote")} ${t("picker.slot", { slot: next.slot })}`}>
        {t("picker.loadTote")}
      </Prompt>
      <p class="big-code" data-testid="slot">
        {t("picker.slot", { slot: next.slot })}
      </p>
      <p>{t("picker.forOrder", { order: next.order_number })}</p>
      {wrong && <ToteStopScreen wrong={wrong} tote={next} onClose={() => setWrong(null)} />}
    </Screen>
  );
}

export function assign(task: Task, slot: number, code: string): Promise<unknown> {
  return dispatch("picking.assign_tote", { task: task.id, slot, code, epoch: task.epoch });
}
