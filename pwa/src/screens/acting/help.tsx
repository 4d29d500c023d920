import { t } from "../../i18n";
import { Button, Dialog } from "../../ui";
import { COMMANDS } from "./commands";
import { commandWords } from "./words";

/** All keys of the list of tasks. */
export function Help({ onClose }: { onClose: () => void }) {
  const rows: readonly (readonly [keys: string, does: string])[] = [
    ["↓ ↑ J K", t("acting.keyMove")],
    [`${t("acting.space")} X`, t("acting.keySelect")],
    ["Shift + ↓ ↑", t("acting.keyRange")],
    ["Ctrl + A", t("acting.keyAll")],
    ["Esc", t("acting.keyNone")],
    ...COMMANDS.map(({ key, what }) => [key.toUpperCase(), commandWords(what)] as const),
    ["U", t("acting.auto")],
    ["Z", t("acting.undo")],
    ["M", t("acting.keyMenu")],
    ["?", t("acting.keyHelp")],
  ];
  return (
    <Dialog
      title={t("acting.keysTitle")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t("acting.close")}
        </Button>
      }
    >
      <p>{t("acting.keysHint")}</p>
      <dl class="keys">
        {rows.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key, at) => (key === "+" ? " + " : <kbd key={at}>{key}</kbd>))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
