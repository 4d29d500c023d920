import { formatDate, t } from "../../i18n";
import { navigate } from "../../router";
import { useRows } from "../../sync";
import { Badge, Button, Card, Facts, Screen } from "../../ui";
import { nextStop, type Stop } from "./flow";
import type { Proof } from "./use-proofs";
import { CLOSED, OUTCOME_TONE, PROOF_TONE, reasonWord } from "./words";

/** A stop that is done: what was said, and how far its proof has come. */
export function ClosedStop({ proof }: { proof: Proof }) {
  const next = nextStop(useRows("stop", stop => stop.run === proof.run));
  const run = `/driver/run/${encodeURIComponent(proof.run)}`;
  return (
    <Screen
      title={t(CLOSED[proof.outcome])}
      subtitle={t("driver.order", { number: proof.orderNumber })}
      back={run}
      actions={<Onward next={next} run={run} />}
    >
      <Card
        title={t("driver.proof")}
        trailing={
          <span data-testid="proof-state">
            <Badge tone={PROOF_TONE[proof.state]}>{t(`driver.proof_${proof.state}`)}</Badge>
          </span>
        }
      >
        {proof.state === "recorded" ? <p>{t("driver.proofRecordedHint")}</p> : null}
      </Card>
      <Card>
        <Facts rows={facts(proof)} />
      </Card>
    </Screen>
  );
}

function facts(proof: Proof) {
  return [
    [
      t("driver.outcome"),
      <Badge key="outcome" tone={OUTCOME_TONE[proof.outcome]}>
        {t(CLOSED[proof.outcome])}
      </Badge>,
    ] as const,
    ...(proof.reason ? [[t("driver.reason"), reasonWord(proof.reason)] as const] : []),
    ...(proof.receiver ? [[t("driver.receiver"), proof.receiver] as const] : []),
    [t("driver.stop", { seq: proof.seq }), proof.name] as const,
    [t("driver.finish"), formatDate(proof.at)] as const,
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
