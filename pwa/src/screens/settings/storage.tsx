import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { Badge, Button, Card, toast } from "../../ui";

interface Storage {
  kept: boolean;
  /** Bytes. */
  used: number;
  quota: number;
}

async function look(): Promise<Storage> {
  const [kept, { usage = 0, quota = 0 }] = await Promise.all([
    navigator.storage.persisted(),
    navigator.storage.estimate(),
  ]);
  return { kept, used: usage, quota };
}

/** Whether the browser promises to keep unsent work, and how to make it promise. */
export function StorageCard() {
  const [state, setState] = useState<Storage | null>(null);
  const refresh = () => void look().then(setState);
  useEffect(() => {
    if (navigator.storage) refresh();
  }, []);
  if (!state) return null;

  async function protect() {
    const kept = await navigator.storage.persist();
    if (!kept) toast(t("settings.storageRefused"), { tone: "warn" });
    refresh();
  }
  const tone = state.kept ? "right" : "warn";
  return (
    <Card
      title={t("settings.storage")}
      trailing={<Badge tone={tone}>{t(state.kept ? "settings.on" : "settings.off")}</Badge>}
    >
      <div class="stack">
        <p>{t(state.kept ? "settings.storageKept" : "settings.storageNotKept")}</p>
        {!state.kept && (
          <Button onClick={() => void protect()}>{t("settings.storageProtect")}</Button>
        )}
        {isApple() && <p class="soft">{t("settings.storageIos")}</p>}
        <p class="soft number">
          {t("settings.storageUsed", {
            used: megabytes(state.used),
            quota: megabytes(state.quota),
          })}
        </p>
      </div>
    </Card>
  );
}

function megabytes(bytes: number): string {
  return formatNumber(bytes / 1_000_000, { maximumFractionDigits: 1 });
}

/** iPads call themselves Macs, but no Mac has a touch screen. */
function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}
