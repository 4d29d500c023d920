import { t } from "../../i18n";
import { type Outcome, REASONS } from "../../pod/policy";
import { policyOf } from "../../pod/record";
import { Badge, Button, Card, type IconName, List, ListItem, Prompt, Screen } from "../../ui";
import { Address } from "./address";
import { leftBehind, stepFrom, stepsOf } from "./flow";
import type { StepProps } from "./step";

const ICONS: Record<Outcome, IconName> = {
  full: "check",
  partial: "box",
  refused: "cross",
  failed: "home",
};

/** The parcels to hand over, and how it went. */
export function HandoverStep(props: StepProps) {
  const { stop, subtitle, back } = props;
  const absent = leftBehind(stop);
  const other = (outcome: Outcome) => <OutcomeButton {...props} outcome={outcome} />;
  return (
    <Screen
      title={t("driver.handOver")}
      subtitle={subtitle}
      back={back}
      actions={
        <>
          <strong data-testid="what">{t("driver.howDidItGo")}</strong>
          {!absent && (
            <div class="pair">
              {other("partial")}
              {other("refused")}
            </div>
          )}
          {other("failed")}
          {!absent && other("full")}
        </>
      }
    >
      {absent && <Prompt icon="warn">{t("driver.leftBehindHint")}</Prompt>}
      <Address stop={stop} compact />
      {!absent && <Prompt>{t("driver.scanOff")}</Prompt>}
      <Parcels {...props} />
      <Card title={t("driver.goods")}>
        <List label={t("driver.goods")}>
          {stop.lines.map(line => (
            <ListItem key={line.no} title={line.name} detail={`${line.sku} × ${line.qty}`} />
          ))}
        </List>
      </Card>
    </Screen>
  );
}

function Parcels({ stop, draft }: StepProps) {
  return (
    <List label={t("driver.parcels")}>
      {stop.parcels.map(({ number, loaded }) => (
        <ListItem
          key={number}
          title={<span data-testid={`parcel-${number}`}>{number}</span>}
          detail={
            draft.off.includes(number) ? (
              <Badge tone="right">{t("driver.handedOver")}</Badge>
            ) : (
              !loaded && <Badge tone="warn">{t("driver.stopLeftBehind")}</Badge>
            )
          }
        />
      ))}
    </List>
  );
}

function OutcomeButton({ outcome, draft, filled, stop, change }: StepProps & { outcome: Outcome }) {
  const absent = leftBehind(stop);
  const choose = () => {
    const fits = (REASONS[outcome] as readonly string[]).includes(draft.reason);
    const reason = fits ? draft.reason : usualReason(outcome, absent);
    const now = { ...filled, outcome, reason };
    const steps = stepsOf(outcome, policyOf(stop, now), now);
    change({ outcome, reason, step: stepFrom(steps, "handover", 1) });
  };
  return (
    <Button
      {...((absent || outcome === "full") && { kind: "primary" as const })}
      icon={ICONS[outcome]}
      data-testid={`outcome-${outcome}`}
      onClick={choose}
    >
      {t(absent ? "driver.closed_failed" : `driver.outcome_${outcome}`)}
    </Button>
  );
}

function usualReason(outcome: Outcome, absent: boolean): string {
  if (outcome !== "failed") return "";
  return absent ? "missing" : "nobody_home";
}
