import { t } from "../../i18n";
import { Icon } from "../../ui";
import { mapLink, type Stop, telLink } from "./flow";

/** Where to, in letters for arm's length, with the ways to the map and to the phone. */
export function Address({ stop, compact = false }: { stop: Stop; compact?: boolean }) {
  const phone = telLink(stop.phone);
  const town = `${stop.postcode} ${stop.city}`.trim();
  return (
    <section
      class={compact ? "card driver-address compact stack" : "card driver-address stack"}
      data-testid="where"
    >
      <div>
        <div class="soft">{stop.name}</div>
        <div class="place">{stop.street || town}</div>
        <div>{[stop.street ? town : "", stop.country].filter(Boolean).join(", ")}</div>
      </div>
      <div class="driver-links">
        <a
          class="button"
          href={mapLink(stop, isApple())}
          target="_blank"
          rel="noreferrer"
          data-testid="navigate"
        >
          <Icon name="pin" />
          <span>{t("driver.navigate")}</span>
        </a>
        {phone && (
          <a class="button" href={phone} data-testid="call">
            <Icon name="person" />
            <span>{t("driver.call")}</span>
          </a>
        )}
      </div>
    </section>
  );
}

/** iPads call themselves Macs, but no Mac has a touch screen. */
function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}
