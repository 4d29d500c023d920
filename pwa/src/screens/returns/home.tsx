import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { loading, useRows } from "../../sync";
import { Badge, List, ListItem, Screen } from "../../ui";
import { word } from "../desk/words";

/** Returns that are expected; a scan of one's number opens it. */
export function Home() {
  const rows = [...useRows("rma")].sort((a, b) => a.opened_at - b.opened_at);
  const open = (id: string) => navigate(`/returns/${encodeURIComponent(id)}`);
  useScans(raw => {
    const said = raw.raw.trim();
    const found = rows.find(row => row.number === said || row.order_number === said);
    feedback(found ? "right" : "wrong");
    if (found) open(found.id);
  });
  return (
    <Screen title={t("stock.returnsTitle")} back="/">
      <List
        label={t("stock.returnsTitle")}
        empty={loading.value ? t("common.loading") : t("stock.returnsNone")}
      >
        {rows.map(row => (
          <ListItem
            key={row.id}
            title={<span data-testid={`rma-${row.number}`}>{row.number}</span>}
            detail={
              <>
                {t("stock.returnPieces", { n: row.back, order: row.order_number })}{" "}
                <Badge tone="neutral">{word("why", row.reason)}</Badge>
              </>
            }
            onClick={() => open(row.id)}
          />
        ))}
      </List>
    </Screen>
  );
}
