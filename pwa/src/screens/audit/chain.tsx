import { formatNumber, t } from "../../i18n";
import { Badge, Card } from "../../ui";
import { moment } from "./moment";
import type { Chain } from "./types";
import { firstWords } from "./words";

/** How far the log is known to be what it was. */
export function ChainCard({ chain }: { chain: Chain }) {
  const { sealed, signed, signed_at, checked, checked_at, findings, first } = chain;
  return (
    <Card title={t("audit.chain")}>
      <ul class="stack" data-testid="chain">
        <li>{t("audit.sealed", { n: formatNumber(sealed) })}</li>
        <li>
          {signed_at
            ? t("audit.signed", { n: formatNumber(signed), time: moment(signed_at) })
            : t("audit.neverSigned")}
        </li>
        <li class="row">
          {checked_at === 0 ? (
            t("audit.neverChecked")
          ) : findings === 0 ? (
            <>
              <Badge tone="right">{t("audit.whole")}</Badge>
              {t("audit.checked", { n: formatNumber(checked), time: moment(checked_at) })}
            </>
          ) : (
            <>
              <Badge tone="wrong">{t("audit.broken")}</Badge>
              {t("audit.found", {
                n: findings,
                time: moment(checked_at),
                first: firstWords(first),
              })}
            </>
          )}
        </li>
      </ul>
    </Card>
  );
}
