import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../i18n";
import { Button, Card, Choices, Switch } from "../../ui";
import { chooseVoice, voice } from "../../voice/choice";
import { canListen } from "../../voice/recognition";
import { canSpeak, say, speaksLanguage } from "../../voice/speak";

const VOLUMES = [
  [0.4, "voice.volumeLow"],
  [0.7, "voice.volumeMiddle"],
  [1, "voice.volumeFull"],
] as const;
const RATES = [
  [0.8, "voice.rateSlow"],
  [1, "voice.rateUsual"],
  [1.3, "voice.rateFast"],
  [1.6, "voice.rateFastest"],
] as const;

/** What the person hears and may say: off until they want it, and theirs alone on this device. */
export function VoiceCard() {
  const { speech, listen } = voice.value;
  return (
    <Card title={t("voice.title")}>
      <Switch
        label={t("voice.speech")}
        hint={t(canSpeak() ? "voice.speechHint" : "voice.cannotSpeak")}
        checked={speech}
        onChange={on => chooseVoice({ speech: on })}
      />
      {speech && <Sound />}
      <Switch
        label={t("voice.listen")}
        hint={t(canListen() ? "voice.listenHint" : "voice.cannotListen")}
        checked={listen}
        onChange={on => chooseVoice({ listen: on })}
      />
    </Card>
  );
}

/** How loud and how fast; heard at once. */
function Sound() {
  const { volume, rate } = voice.value;
  const change = (choice: { volume?: number; rate?: number }) => {
    chooseVoice(choice);
    say(t("voice.sample"));
  };
  return (
    <div class="stack voice-sound" data-testid="voice-sound">
      <VoiceMissing />
      <p class="section-title">{t("voice.volume")}</p>
      <Choices
        label={t("voice.volume")}
        value={String(volume)}
        options={VOLUMES.map(([value, key]) => ({ value: String(value), label: t(key) }))}
        onChange={value => change({ volume: Number(value) })}
      />
      <p class="section-title">{t("voice.rate")}</p>
      <Choices
        label={t("voice.rate")}
        value={String(rate)}
        options={RATES.map(([value, key]) => ({ value: String(value), label: t(key) }))}
        onChange={value => change({ rate: Number(value) })}
      />
      <Button icon="sound" onClick={() => say(t("voice.sample"))}>
        {t("voice.tryIt")}
      </Button>
    </div>
  );
}

/** Voices are loaded after the page: asked again when the browser says that they are there. */
function VoiceMissing() {
  const [, look] = useState(0);
  useEffect(() => {
    if (!canSpeak()) return undefined;
    const again = () => look(n => n + 1);
    speechSynthesis.addEventListener?.("voiceschanged", again);
    return () => speechSynthesis.removeEventListener?.("voiceschanged", again);
  }, []);
  if (speaksLanguage(language.value)) return null;
  return <p role="status">{t("voice.noVoice")}</p>;
}
