import { useState } from "preact/hooks";
import { enrol } from "../../auth";
import { explain, t } from "../../i18n";
import { useScans } from "../../scan/use-scans";
import { Button, CameraScanner, Card, Field, Screen } from "../../ui";

const CODE_IN_LINK = /[#&?](?:enrol|code)=([A-Za-z0-9-]{4,20})/;

/** Makes this browser a device of the site, by the one-time code that a supervisor shows. */
export function Enrol({ code: given, cleared }: { code: string; cleared: boolean }) {
  const [code, setCode] = useState(given);
  const [name, setName] = useState(suggestion);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [camera, setCamera] = useState(false);

  const take = (raw: string) => {
    setCode(CODE_IN_LINK.exec(raw)?.[1] ?? raw.trim().slice(0, 20));
    setCamera(false);
  };
  useScans(scan => take(scan.raw));

  const go = async () => {
    setBusy(true);
    setProblem(undefined);
    const done = await enrol(code, name.trim() || suggestion());
    setBusy(false);
    if (!done.ok) setProblem(explain(done.code));
  };
  return (
    <Screen
      title={t("auth.enrolTitle")}
      actions={
        <Button kind="primary" onClick={go} disabled={busy || code.length < 4}>
          {t("auth.enrolDo")}
        </Button>
      }
    >
      {cleared && <Card title={t("auth.clearedTitle")}>{t("auth.clearedHint")}</Card>}
      <p>{t("auth.enrolHint")}</p>
      <Field
        label={t("auth.code")}
        value={code}
        onInput={setCode}
        error={problem}
        maxLength={20}
        name="code"
      />
      <Field
        label={t("auth.deviceName")}
        value={name}
        onInput={setName}
        maxLength={60}
        name="device"
      />
      {camera ? (
        <CameraScanner onScan={take} />
      ) : (
        <Button onClick={() => setCamera(true)}>{t("auth.scanCode")}</Button>
      )}
    </Screen>
  );
}

function suggestion(): string {
  const kind = matchMedia("(max-width: 700px)").matches ? t("auth.handheld") : t("auth.desk");
  return `${kind} ${crypto.getRandomValues(new Uint16Array(1))[0]}`;
}
