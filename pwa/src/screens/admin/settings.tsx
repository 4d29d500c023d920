import { t } from "../../i18n";
import type { SettingRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { useRows } from "../../sync";
import type { Column } from "../../ui";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { Printers } from "./printers";

/** What the site is set to, to be read; printers are set here. */
export function SettingRows(_: RouteProps) {
  const rows = [...useRows("setting")].sort((a, b) => a.key.localeCompare(b.key));
  const columns: Column<SettingRow>[] = [
    { key: "key", title: t("admin.setting"), cell: row => <strong class="code">{row.key}</strong> },
    {
      key: "value",
      title: t("admin.value"),
      cell: row => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too.
        <pre class="code setting" tabIndex={0}>
          {JSON.stringify(row.value, null, 1)}
        </pre>
      ),
    },
  ];
  return (
    <Desk view="settings">
      <Printers />
      <p class="soft">{t("admin.settingsHint")}</p>
      <LongTable name="settings" columns={columns} rows={rows} rowKey={row => row.key} />
    </Desk>
  );
}
