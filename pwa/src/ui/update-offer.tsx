import { useState } from "preact/hooks";
import { t } from "../i18n";
import { acceptUpdate, updateReady } from "../sw/update";
import { Button } from "./button";
import { Icon } from "./icon";

/** Offers a new version, once a start; it takes over when the person and the outbox both allow it. */
export function UpdateOffer() {
  const [answered, setAnswered] = useState(false);
  if (!updateReady.value || answered) return null;
  const answer = (yes: boolean) => {
    setAnswered(true);
    if (yes) acceptUpdate();
  };
  return (
    <div class="toasts" role="status">
      <div class="toast offer">
        <p class="row">
          <Icon name="info" />
          {t("common.updateReady")}
        </p>
        <div class="pair">
          <Button onClick={() => answer(false)}>{t("common.updateLater")}</Button>
          <Button onClick={() => answer(true)}>{t("common.updateNow")}</Button>
        </div>
      </div>
    </div>
  );
}
