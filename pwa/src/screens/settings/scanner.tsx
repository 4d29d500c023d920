import { t } from "../../i18n";
import { scans } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { settings } from "../../settings";
import { Card, Choices, Field, Switch } from "../../ui";

const USUAL = ["enter-tab", "pause"] as const;
const CUSTOM = "custom";
const FIRST_CUSTOM = "~";

/** What ends a scan, and a place to see what the scanner sends. */
export function ScannerCard() {
  const { suffix, gsSubstitute, catcher } = settings;
  // Taken here so that a test scan does not reach the screen behind.
  useScans(() => {});
  const chosen = USUAL.find(each => each === suffix.value) ?? CUSTOM;
  return (
    <Card title={t("settings.scanner")}>
      <div class="stack">
        <h3 class="section-title">{t("settings.suffix")}</h3>
        <Choices
          label={t("settings.suffix")}
          value={chosen}
          options={[
            { value: "enter-tab", label: t("settings.suffixAuto") },
            { value: "pause", label: t("settings.suffixPause") },
            { value: CUSTOM, label: t("settings.suffixCustom") },
          ]}
          onChange={choice => {
            suffix.value = choice === CUSTOM ? FIRST_CUSTOM : choice;
          }}
        />
        {chosen === CUSTOM && (
          <Field
            label={t("settings.suffixCharacter")}
            value={suffix.value}
            maxLength={1}
            onInput={character => {
              if (character !== "") suffix.value = character;
            }}
          />
        )}
        <Field
          label={t("settings.gsSubstitute")}
          hint={t("settings.gsSubstituteHint")}
          value={gsSubstitute.value}
          maxLength={1}
          onInput={character => {
            gsSubstitute.value = character;
          }}
        />
        <Switch
          label={t("settings.catcher")}
          hint={t("settings.catcherHint")}
          checked={catcher.value}
          onChange={on => {
            catcher.value = on;
          }}
        />
        <LastScan />
      </div>
    </Card>
  );
}

function LastScan() {
  const latest = scans.latest.value;
  return (
    <div>
      <h3 class="section-title">{t("settings.lastScan")}</h3>
      <output class="code">{latest ? visible(latest.raw) : t("settings.lastScanHint")}</output>
    </div>
  );
}

/** Control characters by their own signs (GS as ␝), so that a lost separator can be seen. */
function visible(raw: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be shown.
  return raw.replace(/[\x00-\x1f]/g, each => String.fromCharCode(0x2400 + each.charCodeAt(0)));
}
