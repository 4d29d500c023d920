import { formatDate, t } from "../../i18n";
import type { Closed } from "../../pod/closed";
import { Badge, List, ListItem } from "../../ui";
import { useProofs } from "./use-proofs";
import { CLOSED, PROOF_TONE } from "./words";

/** Stops closed on this device, with how far the proof of each has come. */
export function DoneHere({ where }: { where?: (proof: Closed) => boolean }) {
  const proofs = useProofs(where);
  if (proofs.length === 0) return null;
  return (
    <section class="stack" data-testid="done-here">
      <h2 class="section-title">{t("driver.closedToday")}</h2>
      <List label={t("driver.closedToday")}>
        {proofs.map(proof => (
          <ListItem
            key={proof.stop}
            title={`${proof.orderNumber} · ${t(CLOSED[proof.outcome])}`}
            detail={
              <>
                {proof.name} · {formatDate(proof.at)}
                <br />
                <Badge tone={PROOF_TONE[proof.state]}>{t(`driver.proof_${proof.state}`)}</Badge>
              </>
            }
          />
        ))}
      </List>
    </section>
  );
}
