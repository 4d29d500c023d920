import { formatNumber, t } from "../../i18n";
import { navigate } from "../../router";
import { useRows } from "../../sync";
import { Icon } from "../../ui";
import "./floor.css";

/** The way to the attention tray, with how many messages wait there. */
export function TrayButton() {
  const count = useRows("result").length;
  return (
    <button
      type="button"
      class={count > 0 ? "bar-button tray-button calls" : "bar-button tray-button"}
      aria-label={t("floor.messagesCount", { n: count })}
      data-testid="tray"
      onClick={() => navigate("/floor/messages")}
    >
      <Icon name={count > 0 ? "warn" : "info"} />
      {count > 0 && <span class="count">{formatNumber(count)}</span>}
    </button>
  );
}
