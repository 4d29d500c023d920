import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../i18n";
import { strokesJson } from "../pod/strokes";
import {
  Button,
  Card,
  Field,
  Icon,
  isSigned,
  List,
  ListItem,
  SignaturePad,
  type Strokes,
} from "../ui";
import { Announcer } from "../ui/announce";
import { post, type Shown } from "./ask";

type Lack = "name" | "pin" | "sign" | null;

/** What is handed over, a name, a PIN where one is asked for, and a signature. */
export function SignPage({ token }: { token: string }) {
  const [shown, setShown] = useState<Shown>();
  const [ended, setEnded] = useState<"gone" | "done" | null>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void post<Shown>("/pod/signing/look", { token }).then(answer => {
      if (answer.ok) setShown(answer.body);
      else if (answer.code === "offline") setProblem(t("sign.offline"));
      else setEnded("gone");
    });
  }, [token]);
  return (
    <div class="shell receiver">
      <main class="content stack">
        <h1>{t("sign.title")}</h1>
        {ended && <Ended how={ended} />}
        {problem && <p role="alert">{problem}</p>}
        {!ended && !problem && !shown && <p role="status">{t("common.loading")}</p>}
        {!ended && shown && <Form token={token} shown={shown} onEnd={setEnded} />}
      </main>
      <Announcer />
    </div>
  );
}

function Ended({ how }: { how: "gone" | "done" }) {
  return (
    <Card title={t(how === "done" ? "sign.done" : "sign.gone")}>
      <p role="status" data-testid={`sign-${how}`}>
        {t(how === "done" ? "sign.doneText" : "sign.goneText")}
      </p>
    </Card>
  );
}

interface FormProps {
  token: string;
  shown: Shown;
  onEnd: (how: "gone" | "done") => void;
}

function Form({ token, shown, onEnd }: FormProps) {
  const [receiver, setReceiver] = useState("");
  const [pin, setPin] = useState("");
  const [strokes, setStrokes] = useState<Strokes>([]);
  const [lack, setLack] = useState<Lack>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const words = wordsOf(shown);
  const lacking = (): Lack => {
    if (receiver.trim() === "") return "name";
    if (shown.asks_pin && pin.trim() === "") return "pin";
    return isSigned(strokes) ? null : "sign";
  };
  const sign = async () => {
    const found = lacking();
    setLack(found);
    if (found) return;
    setBusy(true);
    setProblem(undefined);
    const said = { receiver: receiver.trim(), pin: pin.trim(), strokes: strokesJson(strokes) };
    const answer = await post("/pod/signing/done", { token, ...said, shown: words });
    setBusy(false);
    if (answer.ok) onEnd("done");
    else if (answer.code === "sign_link_gone") onEnd("gone");
    else setProblem(answer.code === "offline" ? t("sign.offline") : answer.words);
  };
  return (
    <>
      <Goods shown={shown} />
      <Field
        label={t("sign.name")}
        value={receiver}
        onInput={setReceiver}
        maxLength={120}
        name="receiver"
        autoComplete="name"
        error={lack === "name" ? t("sign.nameNeeded") : undefined}
        required
      />
      {shown.asks_pin && (
        <Field
          label={t("sign.pin")}
          value={pin}
          onInput={value => setPin(value.replace(/\D/g, ""))}
          inputMode="numeric"
          maxLength={12}
          name="pin"
          error={lack === "pin" ? t("sign.pinNeeded") : undefined}
          required
        />
      )}
      <p data-testid="sign-words">{words}</p>
      <SignaturePad strokes={strokes} onChange={setStrokes} label={t("driver.signHere")} />
      {lack === "sign" && <Trouble testId="lack-sign">{t("sign.signNeeded")}</Trouble>}
      {problem && <Trouble testId="sign-problem">{problem}</Trouble>}
      <Button kind="primary" data-testid="sign" disabled={busy} onClick={() => void sign()}>
        {t(busy ? "sign.signing" : "sign.sign")}
      </Button>
    </>
  );
}

function Trouble({ testId, children }: { testId: string; children: string }) {
  return (
    <p class="error" role="alert" data-testid={testId}>
      <Icon name="stop" />
      <span>{children}</span>
    </p>
  );
}

function Goods({ shown }: { shown: Shown }) {
  return (
    <Card title={t("sign.order", { number: shown.order_number })}>
      <p>{t("sign.parcels", { n: shown.parcels })}</p>
      <List label={t("sign.handedOver")}>
        {shown.lines.map((line, index) => (
          <ListItem
            key={index}
            title={line.name}
            detail={t("sign.pieces", {
              delivered: formatNumber(line.delivered),
              qty: formatNumber(line.qty),
            })}
          />
        ))}
      </List>
    </Card>
  );
}

const WORDS_LENGTH = 1_900;

/** What stands above the signature: its hash goes into the proof. */
function wordsOf({ order_number: number, lines }: Shown): string {
  const goods = lines
    .filter(line => line.delivered > 0)
    .map(line => `${formatNumber(line.delivered)} × ${line.name}`)
    .join("; ");
  if (goods === "") return t("driver.signRefusal", { number });
  return t("driver.signWords", { number, goods: [...goods].slice(0, WORDS_LENGTH).join("") });
}
