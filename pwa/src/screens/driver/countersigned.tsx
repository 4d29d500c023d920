import { t } from "../../i18n";
import { useRows } from "../../sync";
import { Badge } from "../../ui";

/** That the server has signed for a record: this device holds its receipt. */
export function Countersigned({ record }: { record: string | undefined }) {
  const [receipt] = useRows("countersign", row => row.record === record);
  if (!receipt) return null;
  return (
    <div data-testid="countersigned">
      <Badge tone="right">{t("driver.countersigned", { n: receipt.n })}</Badge>
    </div>
  );
}
