import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Badge, Button, Dialog, Field, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import type { Place, StockItem } from "./supply";

interface LotHoldProps {
  item: StockItem;
  place: Place;
  onChange: () => void;
}

/** Whether the lot may leave; who may, puts it on hold and lets it go. */
export function LotHold({ item, place: { lot, held }, onChange }: LotHoldProps) {
  const [asking, setAsking] = useState(false);
  const { sku, name } = item;
  const may = role.value === "supervisor" || role.value === "admin";
  if (!lot) return <>–</>;
  const free = async () => {
    const problem = refusalWords(await submit("inventory.free_lot", { sku, lot }));
    toast(problem ?? t("stock.lotFreed", { lot }), { tone: problem ? "wrong" : "right" });
    announce(problem ?? t("stock.lotFreed", { lot }));
    onChange();
  };
  if (held)
    return (
      <span class="lot-hold">
        <Badge tone="wrong">{held}</Badge>
        {may && (
          <Button label={t("stock.freeLotOf", { lot, name })} onClick={() => void free()}>
            {t("stock.freeLot")}
          </Button>
        )}
      </span>
    );
  if (!may) return <>–</>;
  const done = () => {
    setAsking(false);
    onChange();
  };
  return (
    <>
      <Button label={t("stock.holdLotOf", { lot, name })} onClick={() => setAsking(true)}>
        {t("stock.holdLot")}
      </Button>
      {asking && <HoldLot {...{ sku, lot, name }} onClose={done} />}
    </>
  );
}

interface HoldLotProps {
  sku: string;
  lot: string;
  name: string;
  onClose: () => void;
}

function HoldLot({ sku, lot, name, onClose }: HoldLotProps) {
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    const body = { sku, lot, reason: reason.trim() };
    const problem = refusalWords(await submit("inventory.hold_lot", body));
    setRefused(problem);
    if (problem) return;
    announce(t("stock.lotHeld", { lot }));
    onClose();
  };
  return (
    <Dialog
      title={t("stock.holdLotOf", { lot, name })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={reason.trim() === ""} onClick={() => void go()}>
            {t("stock.holdLot")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("stock.holdHint")}</p>
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
