import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { ReasonDialog } from "../desk/reason-dialog";

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
  const hold = async (reason: string) => {
    const body = { order: order.id, reason, expects: order.state };
    const problem = refusalWords(await submit("orders.hold_order", body));
    if (!problem) announce(t("supervisor.changed", { task: order.number }));
    return problem;
  };
  return (
    <ReasonDialog
      title={t("supervisor.holdOf", { task: order.number })}
      action={t("supervisor.hold")}
      onGo={hold}
      onClose={onClose}
    >
      {t("supervisor.holdHint")}
    </ReasonDialog>
  );
}
