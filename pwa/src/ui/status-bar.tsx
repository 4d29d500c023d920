import { formatDuration, formatTime, t } from "../i18n";
import type { Connection } from "../shell";
import { Icon } from "./icon";

export interface StatusBarProps {
  connection: Connection;
  /** Operations that the server has not answered yet. */
  unsent: number;
  /** When the oldest of them was made; milliseconds since 1970. */
  oldestUnsent: number | null;
  /** Milliseconds since 1970. */
  now: number;
}

/** Always on show: on-line or since when not, what is not sent yet and how old the oldest is. */
export function StatusBar({ connection, unsent, oldestUnsent, now }: StatusBarProps) {
  return (
    <section
      class={connection.online ? "status-bar" : "status-bar offline"}
      aria-label={t("ui.deviceState")}
    >
      {/* Only this half is read out by itself: the other changes with every scan. */}
      <span role="status">
        <Icon name={connection.online ? "online" : "offline"} />
        {connectionWords(connection)}
      </span>
      <span>
        <Icon name={unsent === 0 ? "check" : "upload"} />
        {unsent === 0
          ? t("common.allSent")
          : t("common.unsent", { n: unsent, age: formatDuration(now - (oldestUnsent ?? now)) })}
      </span>
    </section>
  );
}

function connectionWords(connection: Connection): string {
  if (connection.online) return t("common.online");
  if (connection.since === null) return t("common.offline");
  return t("common.offlineSince", { time: formatTime(connection.since) });
}
