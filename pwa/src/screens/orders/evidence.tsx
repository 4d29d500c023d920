import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../i18n";
import { Badge, Card } from "../../ui";
import { read, withSid } from "../desk/ask";
import type { OrderStory } from "./story-types";

/** What customer service hands out when somebody doubts a delivery. */
export function Evidence({ order }: { order: OrderStory }) {
  const proven = order.story.some(moment => moment.proof);
  if (!proven && order.unproven.length === 0) return null;
  return (
    <Card title={t("service.disputeTitle")}>
      <div class="stack" data-testid="evidence">
        {order.unproven.map(stop => (
          <p key={stop} class="row">
            <Badge tone="warn">{t("service.unproven")}</Badge>
          </p>
        ))}
        {proven && <Dispute order={order.id} />}
      </div>
    </Card>
  );
}

function Dispute({ order }: { order: string }) {
  const fingerprint = useFingerprint();
  const path = `/documents/orders/${encodeURIComponent(order)}/evidence.zip`;
  return (
    <>
      <p>{t("service.disputeHint")}</p>
      <p>
        <a href={withSid(`${path}?lang=${language.value}`)} download data-testid="dispute-pack">
          {t("service.dispute")}
        </a>
      </p>
      <p>
        <a href="/.well-known/dockhand-verify.html" download="verify.html" data-testid="verifier">
          {t("service.verifier")}
        </a>
      </p>
      {fingerprint && (
        <p>
          {t("service.fingerprint")}
          <br />
          <span class="code" data-testid="fingerprint">
            {fingerprint.replace(/.{4}(?=.)/g, "$& ")}
          </span>
          <br />
          <span class="soft">{t("service.fingerprintHint")}</span>
        </p>
      )}
    </>
  );
}

function useFingerprint(): string | undefined {
  const [fingerprint, setFingerprint] = useState<string>();
  useEffect(() => {
    void read<{ current: string }>("/.well-known/dockhand-keys.json").then(got => {
      if (got.ok) setFingerprint(got.body.current);
    });
  }, []);
  return fingerprint;
}
