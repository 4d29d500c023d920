import { t } from "../i18n";
import { Icon } from "../ui/icon";
import { voice } from "./choice";
import { hearing } from "./listen";
import { canListen } from "./recognition";
import { useSpokenDigits } from "./use-voice";

/** Listens for check digits while it is on show, and says in words whether it does. */
export function SpokenDigits() {
  useSpokenDigits(true);
  if (!voice.value.listen || !canListen()) return null;
  const words = {
    off: t("voice.waits"),
    listening: t("voice.listening"),
    blocked: t("voice.blocked"),
    away: t("voice.away"),
  }[hearing.value];
  const deaf = hearing.value === "blocked" || hearing.value === "away";
  return (
    <p class={`hearing ${deaf ? "deaf" : ""}`} data-testid="hearing" data-state={hearing.value}>
      <Icon name={deaf ? "warn" : "mic"} />
      {words}
    </p>
  );
}
