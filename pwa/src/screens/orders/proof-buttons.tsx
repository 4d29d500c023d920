import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button } from "../../ui";
import { ask } from "../desk/ask";
import { isClerk } from "./address-text";
import type { OrderStory, StoryStop } from "./story-types";

/** A proof that came on paper: the first of its stop, or one that corrects it. */
export function ProofButton({ stop, order }: { stop: StoryStop; order: OrderStory }) {
  if (!isClerk()) return null;
  const path = `/orders/${encodeURIComponent(order.id)}/proof/${encodeURIComponent(stop.id)}`;
  return (
    <div class="row">
      <Button data-testid="enter-proof" onClick={() => navigate(path)}>
        {t(stop.proof ? "service.correctProof" : "service.enterProof")}
      </Button>
    </div>
  );
}

/** For the caller who did not get the message with it; it is shown once. */
export function Pin({ order }: { order: OrderStory }) {
  const [told, setTold] = useState<string>();
  const isUnderWay = order.stops.some(stop => stop.state !== "closed");
  if (!isClerk() || !isUnderWay) return null;
  const issue = async () => {
    const asked = await ask<{ pin: string }>("/pod/pins", { order: order.id });
    setTold(asked.ok ? t("service.pinIs", { pin: asked.body.pin }) : asked.words);
  };
  return (
    <div class="stack">
      <div class="row">
        <Button data-testid="issue-pin" onClick={() => void issue()}>
          {t("service.issuePin")}
        </Button>
      </div>
      {told && (
        <p role="status" data-testid="pin">
          {told}
        </p>
      )}
    </div>
  );
}
