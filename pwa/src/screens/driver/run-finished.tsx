import { formatNumber, t } from "../../i18n";
import { OUTCOMES } from "../../pod/policy";
import { navigate } from "../../router";
import { Button, Card, Facts, Prompt, Screen } from "../../ui";
import { DoneHere } from "./done-here";
import type { Proof } from "./use-proofs";
import { CLOSED } from "./words";

/** After the last stop: what came of each, what comes back, and whether all of it is sent. */
export function RunFinished({ proofs }: { proofs: readonly Proof[] }) {
  const run = proofs[0]?.run;
  const back = proofs.filter(hasGoods).length;
  const counts = OUTCOMES.map(outcome => ({
    outcome,
    n: proofs.filter(proof => proof.outcome === outcome).length,
  }));
  return (
    <Screen
      title={t("driver.runFinished")}
      actions={
        <Button
          kind="primary"
          icon="flag"
          data-testid="to-runs"
          onClick={() => navigate("/driver", { replace: true })}
        >
          {t("driver.myRuns")}
        </Button>
      }
    >
      <Prompt icon="flag">{t("driver.runFinishedHint")}</Prompt>
      <Card title={t("driver.summary")}>
        <Facts
          rows={counts
            .filter(({ n }) => n > 0)
            .map(({ outcome, n }) => [t(CLOSED[outcome]), formatNumber(n)] as const)}
        />
      </Card>
      {back > 0 && (
        <Card title={t("driver.bringBack")}>{t("driver.bringBackHint", { n: back })}</Card>
      )}
      <DoneHere where={proof => proof.run === run} />
    </Screen>
  );
}

/** What never left the dock need not come back. */
function hasGoods({ outcome, reason }: Proof): boolean {
  return outcome !== "full" && !(outcome === "failed" && reason === "missing");
}
