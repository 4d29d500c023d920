import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Badge, Button, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { ReasonDialog } from "../desk/reason-dialog";
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
  const hold = async (reason: string) => {
    const problem = refusalWords(await submit("inventory.hold_lot", { sku, lot, reason }));
    if (!problem) announce(t("stock.lotHeld", { lot }));
    return problem;
  };
  return (
    <ReasonDialog
      title={t("stock.holdLotOf", { lot, name })}
      action={t("stock.holdLot")}
      onGo={hold}
      onClose={onClose}
    >
      {t("stock.holdHint")}
    </ReasonDialog>
  );
}
