import { formatDate, t } from "../../i18n";
import { Badge, Button } from "../../ui";
import type { KnownCase } from "./case-types";
import { causeWords, problemWords } from "./words";

interface KnownListProps {
  known: readonly KnownCase[];
  /** Takes the words of one; without it they are only read. */
  onReuse?: (known: KnownCase) => void;
}

/** Resolutions of settled cases, as they come. */
export function KnownList({ known, onReuse }: KnownListProps) {
  return (
    <ul class="known-list">
      {known.map(each => (
        <li key={each.id}>
          <p class="said">{each.note}</p>
          <p class="row">
            <Badge tone="info">{causeWords(each.cause)}</Badge>
            {each.reused > 0 && (
              <Badge tone="right">{t("exceptions.reusedTimes", { n: each.reused })}</Badge>
            )}
          </p>
          <p class="soft">{whereFrom(each)}</p>
          {onReuse && (
            <Button
              icon="check"
              label={t("exceptions.reuseOf", { note: each.note })}
              onClick={() => onReuse(each)}
            >
              {t("exceptions.reuse")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function whereFrom({ kind, order_number, customer_name, sku, settled_at, settled_by }: KnownCase) {
  const by = settled_by ? t("exceptions.settledBy", { person: settled_by }) : "";
  const parts = [problemWords(kind), sku, order_number, customer_name, formatDate(settled_at), by];
  return parts.filter(Boolean).join(" · ");
}
