import { useState } from "preact/hooks";
import { formatDate, t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { now } from "../../shell";
import { submit, useRows } from "../../sync";
import { announce, Badge, Button, Card, Dialog, Facts, Field, type Tone } from "../../ui";
import { refusalWords } from "./ask";
import { details, photosOf } from "./details";
import { Desk, orderPath } from "./frame";
import { Photos } from "./photos";
import { ago, operationWords, problemWords, word } from "./words";

const PAGE = 30;
const AGED_MS = 30 * 60_000;

/** What did not go as the books say, the oldest first, until somebody settles it. */
export function Problems(_: RouteProps) {
  const [limit, setLimit] = useState(PAGE);
  const [settling, setSettling] = useState<DiscrepancyRow>();
  const open = [...useRows("discrepancy")].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const more = Math.min(PAGE, open.length - limit);
  return (
    <Desk view="problems">
      {open.length === 0 && <p class="empty">{t("supervisor.noProblems")}</p>}
      <div class="grid">
        {open.slice(0, limit).map(problem => (
          <Problem key={problem.id} problem={problem} onSettle={() => setSettling(problem)} />
        ))}
      </div>
      {more > 0 && (
        <Button onClick={() => setLimit(limit + PAGE)}>{t("desk.showMore", { n: more })}</Button>
      )}
      {settling && <Settle problem={settling} onClose={() => setSettling(undefined)} />}
    </Desk>
  );
}

const TONES: Readonly<Record<string, Tone>> = { quarantined: "wrong", held: "wrong" };

function Problem({ problem, onSettle }: { problem: DiscrepancyRow; onSettle: () => void }) {
  const { at, outcome, order, order_number, person_name, operation } = problem;
  const old = now.value - at > AGED_MS;
  return (
    <Card
      class="problem"
      title={problemWords(problem.kind)}
      trailing={<Badge tone={old ? "warn" : "neutral"}>{ago(at, now.value)}</Badge>}
    >
      <div class="stack">
        {outcome !== "applied" && (
          <p class="row">
            <Badge tone={TONES[outcome] ?? "info"}>{word("outcome", outcome)}</Badge>
          </p>
        )}
        <Facts
          rows={[
            ...(order
              ? ([
                  [
                    t("desk.order"),
                    <a href={`#${orderPath(order)}`}>{order_number ?? t("desk.open")}</a>,
                  ],
                ] as const)
              : []),
            ...(person_name ? ([[t("desk.person"), person_name]] as const) : []),
            ...(operation ? ([[t("desk.action"), operationWords(operation)]] as const) : []),
            [t("desk.at"), formatDate(at)],
            ...details(problem.details),
          ]}
        />
        <Photos photos={photosOf(problem.details).map(ref => ({ ref }))} />
        <Button
          onClick={onSettle}
          label={`${t("supervisor.settle")}: ${problemWords(problem.kind)}`}
        >
          {t("supervisor.settle")}
        </Button>
      </div>
    </Card>
  );
}

function Settle({ problem, onClose }: { problem: DiscrepancyRow; onClose: () => void }) {
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    if (note.trim() === "") {
      setRefused(t("desk.noteNeeded"));
      return;
    }
    setBusy(true);
    const body = { discrepancy: problem.id, note: note.trim() };
    const words = refusalWords(await submit("floor.settle_discrepancy", body));
    setBusy(false);
    setRefused(words);
    if (words) return;
    announce(t("supervisor.settled"));
    onClose();
  };
  return (
    <Dialog
      title={t("supervisor.settle")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={busy}>
            {t("supervisor.settle")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{problemWords(problem.kind)}</p>
      <Field
        label={t("desk.note")}
        hint={t("desk.noteNeeded")}
        multiline
        value={note}
        onInput={setNote}
        maxLength={400}
        error={refused}
        name="note"
      />
    </Dialog>
  );
}
