import { chooseLanguage, LANGUAGES, type Language, language, t } from "../../i18n";
import { navigate, type Routes } from "../../router";
import { feedback } from "../../scan/feedback";
import { settings } from "../../settings";
import { chooseRole, person, role, signOut } from "../../shell";
import { startsOffline } from "../../sw/update";
import { Button, Card, Choices, Screen, Switch } from "../../ui";
import { ScannerCard } from "./scanner";
import { StorageCard } from "./storage";
import { VoiceCard } from "./voice";

const WORK = {
  picker: "common.rolePicker",
  packer: "common.rolePacker",
  driver: "common.roleDriver",
  supervisor: "common.roleSupervisor",
  service: "common.roleService",
  admin: "common.roleAdmin",
} as const;

function Settings() {
  return (
    <Screen title={t("settings.title")} back={() => history.back()}>
      <Card title={t("settings.language")}>
        <Choices
          label={t("settings.language")}
          value={language.value}
          options={(Object.keys(LANGUAGES) as Language[]).map(value => ({
            value,
            label: LANGUAGES[value],
          }))}
          onChange={chooseLanguage}
        />
      </Card>
      <WorkCard />
      <FeedbackCard />
      <VoiceCard />
      <ScannerCard />
      <StorageCard />
      <Card title={t("settings.about")}>
        <p>
          {t("common.appName")} · {t("settings.version", { version: __APP_VERSION__ })}
        </p>
        {startsOffline.value !== null && (
          <p>{t(startsOffline.value ? "settings.startsOffline" : "settings.onlineOnly")}</p>
        )}
      </Card>
    </Screen>
  );
}

/** Who works here, as what, and the way out. */
function WorkCard() {
  const who = person.value;
  if (!who) return null;
  return (
    <Card title={who.name}>
      <div class="stack">
        {who.roles.length > 1 && (
          <Choices
            label={t("common.switchRole")}
            value={role.value}
            options={who.roles.map(value => ({ value, label: t(WORK[value]) }))}
            onChange={chooseRole}
          />
        )}
        {signOut.value && <Button onClick={leave}>{t("common.signOut")}</Button>}
      </div>
    </Card>
  );
}

/** The next person starts at the sign-in, not in somebody else's settings. */
function leave(): void {
  signOut.value?.();
  navigate("/", { replace: true });
}

function FeedbackCard() {
  const { sounds, vibration } = settings;
  return (
    <Card title={t("settings.feedback")}>
      <Switch
        label={t("settings.sounds")}
        hint={t("settings.soundsHint")}
        checked={sounds.value}
        onChange={on => {
          sounds.value = on;
        }}
      />
      <Switch
        label={t("settings.vibration")}
        hint={t("settings.vibrationHint")}
        checked={vibration.value}
        onChange={on => {
          vibration.value = on;
        }}
      />
      <Button onClick={() => feedback("right")}>{t("settings.tryIt")}</Button>
    </Card>
  );
}

export const routes: Routes = { "": Settings };
