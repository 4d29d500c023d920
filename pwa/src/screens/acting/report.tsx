import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { TaskRow } from "../../kernel/contract";
import { replica, useRow } from "../../sync";
import { Badge, Button, Dialog, type Tone } from "../../ui";
import { differences, nothingToDo } from "./acts";
import { type Asked, askAgain, isOpen, leave, type Report, type Result, report } from "./perform";
import { actWords, fieldName, fieldWords } from "./words";

const TONES: Readonly<Record<Result["became"], Tone>> = {
  done: "right",
  undone: "right",
  changed: "warn",
  refused: "wrong",
  nothing: "neutral",
};

/** What became of each task, where not all of it was done; it stays until somebody has read it. */
export function ReportDialog() {
  const [busy, setBusy] = useState(false);
  const now = report.value;
  if (!now) return null;
  const close = () => {
    report.value = null;
  };
  const done = now.results.filter(result => !isOpen(result));
  const open = now.results.filter(isOpen);
  const again = now.of === "act" ? open.flatMap(asIsNow) : [];
  const ask = async (asked: readonly Asked[]) => {
    setBusy(true);
    await askAgain(asked);
    setBusy(false);
  };
  return (
    <Dialog
      title={t(now.of === "undo" ? "acting.summaryUndo" : "acting.summary")}
      onClose={close}
      actions={
        <>
          {again.length > 1 && (
            <Button kind="primary" disabled={busy} onClick={() => void ask(again)}>
              {t("acting.askAgainAll", { n: again.length })}
            </Button>
          )}
          <Button onClick={close}>{t("acting.close")}</Button>
        </>
      }
    >
      <p role="status">
        {t("acting.summaryCounts", {
          done: formatNumber(done.length),
          all: formatNumber(now.results.length),
        })}
      </p>
      <ul class="report">
        {[...open, ...done].map(result => (
          <Item
            key={result.asked.task.id}
            result={result}
            of={now.of}
            mayAsk={now.of === "act" && !busy}
            onAgain={task => void ask([{ ...result.asked, task }])}
          />
        ))}
      </ul>
    </Dialog>
  );
}

/** The act on the task as it is now, where it has changed and something is to be done yet. */
function asIsNow({ asked, became }: Result): Asked[] {
  const task = replica.row("task", asked.task.id).value;
  if (became !== "changed" || !task || nothingToDo(asked.act, task)) return [];
  return [{ ...asked, task }];
}

interface ItemProps {
  result: Result;
  of: Report["of"];
  mayAsk: boolean;
  onAgain: (now: TaskRow) => void;
}

function Item({ result, of, mayAsk, onAgain }: ItemProps) {
  const { asked, became, words } = result;
  const what = actWords(asked.act, asked.task);
  return (
    <li>
      <p class="row">
        <Badge tone={TONES[became]}>{t(`acting.became_${became}`)}</Badge>
        <strong>{asked.task.title}</strong>
      </p>
      {isOpen(result) && (
        <p>{of === "undo" ? t("acting.undoOf", { what }) : t("acting.asked", { what })}</p>
      )}
      {became === "changed" ? (
        <Changed {...{ asked, mayAsk, onAgain }} />
      ) : (
        words && <p class="soft">{words}</p>
      )}
    </li>
  );
}

/** The task as it was seen beside what it is now. */
function Changed({ asked, mayAsk, onAgain }: Omit<ItemProps, "result" | "of"> & { asked: Asked }) {
  const { task: seen, act } = asked;
  const now = useRow("task", seen.id);
  if (!now) return <p>{t("acting.gone")}</p>;
  const mayAgain = nothingToDo(act, now) === undefined;
  return (
    <>
      <p class="soft">{t(mayAsk ? "acting.changedHint" : "acting.movedOn")}</p>
      <Compared seen={seen} now={now} />
      <p class="row">
        {mayAsk && mayAgain && (
          <Button
            kind="primary"
            label={t("acting.askAgainOf", { what: actWords(act, now) })}
            onClick={() => onAgain(now)}
          >
            {t("acting.askAgain")}
          </Button>
        )}
        <Button label={t("acting.leaveOf", { task: seen.title })} onClick={() => leave(seen.id)}>
          {t("acting.leave")}
        </Button>
      </p>
    </>
  );
}

function Compared({ seen, now }: { seen: TaskRow; now: TaskRow }) {
  return (
    <table class="compared">
      <caption class="unseen">{t("acting.compare")}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("acting.youSaw")}</th>
          <th scope="col">{t("acting.isNow")}</th>
        </tr>
      </thead>
      <tbody>
        {differences(seen, now).map(({ field, changed }) => (
          <tr key={field} class={changed ? "changed" : ""}>
            <th scope="row">{fieldName(field)}</th>
            <td>{fieldWords(seen, field)}</td>
            <td>
              {fieldWords(now, field)}
              {changed && <Badge tone="warn">{t("acting.changedMark")}</Badge>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
