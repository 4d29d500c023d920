import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, toast } from "../../ui";
import { refusalWords } from "../desk/ask";

interface Held {
  id: string;
  number: string;
  state: string;
}

/** Stops whoever works on the order, or lets them go on. */
export function HoldButton({ order }: { order: Held }) {
  const [asking, setAsking] = useState(false);
  const resume = async () => {
    const problem = refusalWords(await submit("orders.resume_order", { order: order.id }));
    if (problem) toast(problem, { tone: "wrong" });
    announce(problem ?? t("supervisor.changed", { task: order.number }));
  };
  if (order.state === "hold")
    return <Button onClick={() => void resume()}>{t("supervisor.letGo")}</Button>;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("supervisor.hold")}</Button>
      {asking && <HoldOrder order={order} onClose={() => setAsking(false)} />}
    </>
  );
}

function HoldOrder({ order, onClose }: { order: Held; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    const body = { order: order.id, reason: reason.trim(), expects: order.state };
    const problem = refusalWords(await submit("orders.hold_order", body));
    setRefused(problem);
    if (problem) return;
    announce(t("supervisor.changed", { task: order.number }));
    onClose();
  };
  return (
    <Dialog
      title={t("supervisor.holdOf", { task: order.number })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={reason.trim() === ""} onClick={() => void go()}>
            {t("supervisor.hold")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("supervisor.holdHint")}</p>
      <Field
        label={t("supervisor.reason")}
        value={reason}
        onInput={setReason}
        maxLength={120}
        error={refused}
        name="reason"
      />
    </Dialog>
  );
}
