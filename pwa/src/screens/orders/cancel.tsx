import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field } from "../../ui";
import { refusalWords } from "../desk/ask";

/** States from which the server lets an order be cancelled. */
const CANCELLABLE: ReadonlySet<string> = new Set([
  "draft",
  "review",
  "confirmed",
  "released",
  "picking",
  "picked",
  "packing",
  "packed",
  "hold",
]);

export function mayCancel(state: string): boolean {
  return CANCELLABLE.has(state) && (role.value === "service" || role.value === "supervisor");
}

interface CancelOrderProps {
  order: { id: string; number: string };
  onClose: () => void;
}

/** Stops an order; what was picked goes back to the shelf by itself. */
export function CancelOrder({ order, onClose }: CancelOrderProps) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    if (reason.trim() === "") {
      setRefused(t("service.reasonNeeded"));
      return;
    }
    setBusy(true);
    const body = { order: order.id, reason: reason.trim() };
    const words = refusalWords(await submit("orders.cancel_order", body));
    setBusy(false);
    setRefused(words);
    if (words) return;
    announce(t("service.cancelled", { number: order.number }));
    onClose();
  };
  return (
    <Dialog
      title={t("service.cancelTitle", { number: order.number })}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" onClick={() => void go()} disabled={busy}>
            {t("service.cancel")}
          </Button>
          <Button onClick={onClose}>{t("service.keep")}</Button>
        </>
      }
    >
      <p>{t("service.cancelHint")}</p>
      <Field
        label={t("desk.reason")}
        hint={t("service.reasonNeeded")}
        value={reason}
        onInput={setReason}
        maxLength={400}
        error={refused}
        name="reason"
      />
    </Dialog>
  );
}
