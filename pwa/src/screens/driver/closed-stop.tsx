import { formatDate, t } from "../../i18n";
import type { Closed, ProofState } from "../../pod/closed";
import type { Outcome } from "../../pod/policy";
import { navigate } from "../../router";
import { now } from "../../shell";
import { useRows } from "../../sync";
import { Badge, Button, Card, Facts, Screen } from "../../ui";
import { Countersigned } from "./countersigned";
import { nextStop, type Stop } from "./flow";
import { CLOSED, OUTCOME_TONE, PROOF_TONE, reasonWord } from "./words";

type Shown = Pick<
  Closed,
  "stop" | "run" | "seq" | "orderNumber" | "name" | "outcome" | "reason" | "receiver"
> &
  Partial<Pick<Closed, "at" | "hash" | "row">>;

/** A stop of which this device has no proof: closed elsewhere, or this very moment. */
export function closedRow(stop: Stop): Shown {
  const { id, run, seq, order_number: orderNumber, name, reason } = stop;
  const outcome = (stop.outcome ?? "full") as Outcome;
  return { stop: id, run, seq, orderNumber, name, outcome, reason: reason ?? "", receiver: "" };
}

/** A stop that is done: what was said, and how far its proof has come. */
export function ClosedStop({ closed, state }: { closed: Shown; state?: ProofState }) {
  const next = nextStop(useRows("stop", stop => stop.run === closed.run));
  const run = `/driver/run/${encodeURIComponent(closed.run)}`;
  return (
    <Screen
      title={t(CLOSED[closed.outcome])}
      subtitle={t("driver.order", { number: closed.orderNumber })}
      back={run}
      actions={
        <>
          <Correct closed={closed} />
          <Onward next={next} run={run} />
        </>
      }
    >
      {state && (
        <Card title={t("driver.proof")}>
          <div class="stack" data-testid="proof-state">
            <div>
              <Badge tone={PROOF_TONE[state]}>{t(`driver.proof_${state}`)}</Badge>
            </div>
            {state === "recorded" && <p>{t("driver.proofRecordedHint")}</p>}
            <Countersigned record={closed.hash} />
          </div>
        </Card>
      )}
      <Card>
        <Facts rows={facts(closed)} />
      </Card>
    </Screen>
  );
}

/** A tap too soon can be mended for a while, by a second record that names the first. */
function Correct({ closed }: { closed: Shown }) {
  const { stop, hash, row, at = 0 } = closed;
  if (!hash || !row || now.value > at + row.policy.correct_ms) return null;
  return (
    <Button
      icon="undo"
      data-testid="correct"
      onClick={() => navigate(`/driver/stop/${encodeURIComponent(stop)}/correct`)}
    >
      {t("driver.correct")}
    </Button>
  );
}

function facts(closed: Shown) {
  const { outcome, reason, receiver, seq, name, at } = closed;
  return [
    [
      t("driver.outcome"),
      <Badge key="outcome" tone={OUTCOME_TONE[outcome]}>
        {t(CLOSED[outcome])}
      </Badge>,
    ] as const,
    ...(reason ? [[t("driver.reason"), reasonWord(reason)] as const] : []),
    ...(receiver ? [[t("driver.receiverTitle"), receiver] as const] : []),
    [t("driver.stop", { seq }), name] as const,
    ...(at === undefined ? [] : [[t("driver.finishedAt"), formatDate(at)] as const]),
  ];
}

function Onward({ next, run }: { next: Stop | undefined; run: string }) {
  const go = () =>
    navigate(next ? `/driver/stop/${encodeURIComponent(next.id)}` : run, { replace: true });
  return (
    <Button kind="primary" icon="next" data-testid="onward" onClick={go}>
      {next ? t("driver.toNext", { name: next.name }) : t("driver.summary")}
    </Button>
  );
}
