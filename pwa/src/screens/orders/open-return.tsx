import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, Select } from "../../ui";
import { refusalWords } from "../desk/ask";
import { word } from "../desk/words";
import { Stepper } from "../driver/stepper";
import { isClerk } from "./address-text";
import type { OrderStory } from "./story-types";

/** For the caller who wants to send something back. */
export function ReturnButton({ order }: { order: OrderStory }) {
  const [asking, setAsking] = useState(false);
  if (!isClerk() || order.returnable.lines.length === 0) return null;
  return (
    <>
      <Button data-testid="open-return" onClick={() => setAsking(true)}>
        {t("service.openReturn")}
      </Button>
      {asking && <OpenReturn order={order} onClose={() => setAsking(false)} />}
    </>
  );
}

function OpenReturn({ order, onClose }: { order: OrderStory; onClose: () => void }) {
  const { lines, reasons } = order.returnable;
  const [back, setBack] = useState<Record<number, number>>({});
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const wanted = lines.map(({ no }) => ({ no, qty: back[no] ?? 0 })).filter(({ qty }) => qty > 0);
  const go = async () => {
    setBusy(true);
    const body = { order: order.id, reason, lines: wanted, note: note.trim() };
    const problem = refusalWords(await submit("returns.start_return", body));
    setBusy(false);
    setRefused(problem);
    if (problem) return;
    announce(t("service.returnOpened", { number: order.number }));
    onClose();
  };
  return (
    <Dialog
      title={t("service.openReturnOf", { number: order.number })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="save-return"
            disabled={busy || wanted.length === 0 || reason === ""}
            onClick={() => void go()}
          >
            {t("service.openReturn")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <p>{t("service.returnHint")}</p>
        {lines.map(line => (
          <div key={line.no} class="stack">
            <strong>{line.name}</strong>
            <Stepper
              sku={line.sku}
              value={back[line.no] ?? 0}
              most={line.left}
              label={t("service.sentBack", { sku: line.sku })}
              testId="back"
              onChange={qty => setBack({ ...back, [line.no]: qty })}
            />
          </div>
        ))}
        <Select
          label={t("desk.reason")}
          value={reason}
          options={[
            { value: "", label: t("service.chooseReason") },
            ...reasons.map(value => ({ value, label: word("why", value) })),
          ]}
          onChange={setReason}
        />
        <Field
          label={t("desk.note")}
          value={note}
          onInput={setNote}
          multiline
          maxLength={500}
          error={refused}
          name="note"
        />
      </div>
    </Dialog>
  );
}
