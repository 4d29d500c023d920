import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import { FullStop, ManualEntry, Progress, Prompt, Screen } from "../../ui";
import { ended } from "../floor/finish-button";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import { assign, type CartProps, scanned, slotWords, ToteStopScreen } from "./cart";
import { HOME } from "./places";
import { lineToSort, readTote, type ToteReading, toSort } from "./totes";
import type { Line } from "./walk";

type Wrong = { kind: "item"; scanned: string } | Extract<ToteReading, { kind: "stop" }>;

/** What a batch brought, item by item into the totes of its orders: item scan, then tote scan. */
export function Sort({ task, walker, totes }: CartProps) {
  const [line, setLine] = useState<Line | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const lines = walker.lines.value;
  const picked = lines.filter(({ picked }) => picked > 0);
  const tote = totes.find(({ slot }) => slot === line?.slot);
  useScans(async scan => {
    const came = scanned(scan);
    if (!line || !tote) {
      const found = lineToSort(lines, came);
      setLine(found);
      setWrong(found ? null : { kind: "item", scanned: came.text });
      return feedback(found ? "right" : "wrong");
    }
    const read = readTote(tote, totes, came);
    setWrong(read.kind === "stop" ? read : null);
    if (read.kind === "stop") return feedback("wrong");
    if (await saved(() => putAway(line, read.code, read.isNew))) {
      setLine(null);
      feedback("right");
    }
  });
  const putAway = async (what: Line, code: string, isNew: boolean) => {
    if (isNew) await assign(task, what.slot, code);
    await dispatch("picking.sort_line", {
      task: task.id,
      line: what.no,
      tote: code,
      epoch: task.epoch,
    });
  };
  const close = () => setWrong(null);
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={<TrayButton />}
      actions={<ManualEntry hint={t(line ? "picker.toteHint" : "picker.sortHint")} />}
    >
      <Progress done={picked.length - toSort(lines).length} total={picked.length} />
      <Prompt {...(tote && { spoken: t("voice.tote", { slot: tote.slot }) })}>
        {t(line ? "picker.putInto" : "picker.sortScan")}
      </Prompt>
      {line && tote && (
        <>
          <p class="big-code" data-testid="slot">
            {slotWords(tote)}
          </p>
          <p data-testid="what">{t("picker.pieceOf", { n: line.picked, name: line.name })}</p>
          <p class="soft">{t("picker.forOrder", { order: tote.order_number })}</p>
        </>
      )}
      {wrong?.kind === "item" && (
        <div data-testid="stop" data-why="not_on_cart">
          <FullStop
            title={t("picker.notOnCart")}
            expected={toSort(lines)[0]?.name ?? ""}
            scanned={wrong.scanned}
            onClose={close}
          />
        </div>
      )}
      {wrong?.kind === "stop" && <ToteStopScreen wrong={wrong} tote={tote} onClose={close} />}
    </Screen>
  );
}

/** The end of a zone's part: where the cart is left for whoever comes next. */
export function HandOver({ task }: CartProps) {
  useScans(async scan => {
    const came = scanned(scan);
    const place = came.kind === "location" ? came.code : came.kind === "plain" ? came.text : "";
    if (!place) return feedback("wrong");
    const done = await saved(async () => {
      await dispatch("picking.hand_over", { task: task.id, place, epoch: task.epoch });
      await dispatch("picking.finish_task", { task: task.id, epoch: task.epoch });
    });
    if (!done) return;
    ended(t("picker.handedOver", { place }), HOME);
  });
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={<TrayButton />}
      actions={<ManualEntry hint={t("picker.handOverHint")} />}
    >
      <Progress done={task.lines} total={task.lines} />
      <Prompt icon="flag">{t("picker.handOver")}</Prompt>
    </Screen>
  );
}
