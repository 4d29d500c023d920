import { useState } from "preact/hooks";
import { type SignedIn, signIn } from "../../auth";
import { explain, t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import { useScans } from "../../scan/use-scans";
import { connection, unsent } from "../../shell";
import { Button, CameraScanner, Field, Keypad, Prompt, Screen } from "../../ui";

const PIN_LENGTH = 12;

/** Badge first, by scan or by hand; then the PIN on large keys. Works without a network for whoever
 * has signed in on this device before. */
export function SignIn({ next }: { next: string | null }) {
  const [badge, setBadge] = useState("");
  const [problem, setProblem] = useState<string>();
  useScans(scan => {
    const read = resolve(scan.raw, { year: new Date().getFullYear() });
    if (read.kind === "badge") {
      feedback("right");
      setProblem(undefined);
      setBadge(read.text);
      return;
    }
    feedback("wrong");
    setProblem(t("auth.notABadge"));
  });
  if (badge !== "") return <Pin badge={badge} next={next} again={() => setBadge("")} key={badge} />;
  return <Badge problem={problem} onBadge={setBadge} />;
}

function Badge({
  problem,
  onBadge,
}: {
  problem: string | undefined;
  onBadge: (b: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const [camera, setCamera] = useState(false);
  const text = typed.trim().toUpperCase();
  const code = text === "" || text.startsWith("B-") ? text : `B-${text}`;
  return (
    <Screen
      title={t("auth.title")}
      actions={
        <Button kind="primary" disabled={code.length < 3} onClick={() => onBadge(code)}>
          {t("common.next")}
        </Button>
      }
    >
      <Prompt>{t("auth.scanBadge")}</Prompt>
      {!connection.value.online && <p>{t("auth.offlineHint")}</p>}
      {unsent.value > 0 && <p>{t("auth.unsentHint", { n: unsent.value })}</p>}
      <Field
        label={t("auth.badge")}
        value={typed}
        onInput={setTyped}
        error={problem}
        maxLength={40}
        name="badge"
      />
      {camera ? (
        <CameraScanner />
      ) : (
        <Button onClick={() => setCamera(true)}>{t("auth.useCamera")}</Button>
      )}
    </Screen>
  );
}

/** To where the person wanted to go, as `next` says it: a hash. */
export function goOn(next: string | null): void {
  navigate(next?.startsWith("#/") ? next.slice(1) : "/", { replace: true });
}

interface PinProps {
  badge: string;
  next: string | null;
  again: () => void;
}

function Pin({ badge, next, again }: PinProps) {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    setBusy(true);
    const result = await signIn(badge, pin);
    setBusy(false);
    setPin("");
    if (!result.ok) {
      feedback("wrong");
      setProblem(sentence(result));
      return;
    }
    feedback("done");
    goOn(next);
  };
  return (
    <Screen title={t("auth.title")} subtitle={badge} back={again}>
      {problem && (
        <p role="alert" class="error">
          {problem}
        </p>
      )}
      <Keypad
        label={t("auth.pin")}
        value={pin}
        onChange={setPin}
        onSubmit={go}
        submitLabel={t("auth.signIn")}
        maxLength={PIN_LENGTH}
        masked
        autoFocus
        disabled={busy}
      />
    </Screen>
  );
}

function sentence(result: Extract<SignedIn, { ok: false }>): string {
  if (result.seconds) return t("auth.waitSeconds", { n: result.seconds });
  const words = explain(result.code);
  return result.left === undefined ? words : `${words} ${t("auth.triesLeft", { n: result.left })}`;
}
