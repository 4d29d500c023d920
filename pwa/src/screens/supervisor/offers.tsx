import { useEffect, useState } from "preact/hooks";
import { explain, formatNumber, hasText, t } from "../../i18n";
import type { ConsignmentRow } from "../../kernel/contract";
import { submit } from "../../sync";
import { announce, Badge, Button, Dialog, List, ListItem } from "../../ui";
import { type Asked, read, refusalWords } from "../desk/ask";
import { endOf, money, type NoFit, type Offer, offerKey, type Quotes } from "./consigning";

interface OffersProps {
  /** Shipments to one door. */
  rows: readonly ConsignmentRow[];
  onClose: () => void;
}

/** Every carrier's price and what it is made of; the best is proposed, any may be taken. */
export function Offers({ rows, onClose }: OffersProps) {
  const ids = rows.map(row => row.id);
  const asked = useQuotes(ids.join(","));
  const [picked, setPicked] = useState<string | null>(null);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const quotes = asked?.ok ? asked.body : null;
  const offer = quotes?.offers.find(each => offerKey(each) === picked) ?? quotes?.offers[0];
  const take = async () => {
    if (!offer) return;
    setBusy(true);
    const { carrier, service, carrier_name } = offer.quote;
    const outcome = await submit("pod.choose_carrier", { shipments: ids, carrier, service });
    const words = refusalWords(outcome);
    setBusy(false);
    setProblem(words);
    if (words) return;
    announce(t("carriers.chosen", { carrier: carrier_name }));
    onClose();
  };
  return (
    <Dialog
      title={`${t("carriers.quotesTitle")}: ${rows.map(row => row.order_number).join(", ")}`}
      onClose={onClose}
      actions={
        <>
          {offer && (
            <Button
              kind="primary"
              data-testid="take-offer"
              disabled={busy}
              onClick={() => void take()}
            >
              {t("carriers.choose", { carrier: named(offer) })}
            </Button>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        {!asked && <p role="status">{t("carriers.asking")}</p>}
        {asked && !asked.ok && <p role="alert">{asked.words}</p>}
        {quotes && <Compared quotes={quotes} picked={offer} onPick={setPicked} />}
        {problem && <p role="alert">{problem}</p>}
      </div>
    </Dialog>
  );
}

function useQuotes(shipments: string): Asked<Quotes> | null {
  const [asked, setAsked] = useState<Asked<Quotes> | null>(null);
  useEffect(() => {
    let current = true;
    const path = `/api/carriers/quotes?shipments=${encodeURIComponent(shipments)}`;
    void read<Quotes>(path).then(found => current && setAsked(found));
    return () => {
      current = false;
    };
  }, [shipments]);
  return asked;
}

function named({ quote }: Offer): string {
  const { carrier_name, service_name } = quote;
  return carrier_name === service_name ? carrier_name : `${carrier_name} ${service_name}`;
}

interface ComparedProps {
  quotes: Quotes;
  picked: Offer | undefined;
  onPick: (key: string) => void;
}

function Compared({ quotes, picked, onPick }: ComparedProps) {
  const weight = formatNumber(quotes.weight_g / 1000);
  const value = money(quotes.value, quotes.currency);
  return (
    <>
      <p class="soft">
        {t("carriers.basis", { weight, value })}
        {quotes.needs.length > 0 &&
          ` · ${t("carriers.needs", { needs: quotes.needs.map(needWord).join(", ") })}`}
      </p>
      {quotes.urgent && <p>{t("carriers.urgent")}</p>}
      {quotes.offers.length === 0 ? (
        <p role="alert">{t("carriers.noOffers")}</p>
      ) : (
        <List label={t("carriers.quotesTitle")}>
          {quotes.offers.map(offer => (
            <OneOffer
              key={offerKey(offer)}
              offer={offer}
              proposed={offer === quotes.offers[0]}
              picked={offer === picked}
              onPick={() => onPick(offerKey(offer))}
            />
          ))}
        </List>
      )}
      <Refused refused={quotes.refused} />
    </>
  );
}

interface OneOfferProps {
  offer: Offer;
  proposed: boolean;
  picked: boolean;
  onPick: () => void;
}

function OneOffer({ offer, proposed, picked, onPick }: OneOfferProps) {
  const { quote, total, late } = offer;
  const parts = quote.parts.map(
    ({ what, amount }) => `${partWord(what)} ${money(amount, quote.currency)}`,
  );
  return (
    <ListItem
      current={picked}
      title={
        <label class="choice">
          <input
            type="radio"
            name="offer"
            data-testid={`offer-${offerKey(offer)}`}
            checked={picked}
            onChange={onPick}
          />{" "}
          {named(offer)} {proposed && <Badge tone="info">{t("carriers.cheapest")}</Badge>}
        </label>
      }
      detail={
        <>
          {parts.join(" + ")}
          <br />
          {t("carriers.arrives")} {endOf(quote.arrives_by)}{" "}
          {late && <Badge tone="warn">{t("carriers.late")}</Badge>}
          <br />
          <span data-testid={`record-${offerKey(offer)}`}>{recordWords(offer)}</span>
        </>
      }
      trailing={<strong>{money(total, quote.currency)}</strong>}
    />
  );
}

/** Why it counts for more than it costs, or why it does not. */
function recordWords({ record, quote, counts_as }: Offer): string {
  if (!record || record.ended === 0) return t("carriers.recordNone");
  const { days, ended, least, dearer_bp } = record;
  if (dearer_bp === null) return t("carriers.recordFew", { n: ended, least, days });
  const told = t("carriers.record", {
    n: ended,
    days,
    onTime: percent(record.on_time_pm),
    harmed: percent(record.harmed_pm),
    back: percent(record.back_pm),
  });
  if (dearer_bp === 0) return told;
  const price = money(counts_as, quote.currency);
  return `${told} ${t("carriers.countsAs", { more: percent(dearer_bp / 10), price })}`;
}

function percent(perMille: number): string {
  return formatNumber(perMille / 1000, { style: "percent", maximumFractionDigits: 1 });
}

function Refused({ refused }: { refused: readonly NoFit[] }) {
  if (refused.length === 0) return null;
  return (
    <details open>
      <summary>{t("carriers.refused")}</summary>
      <ul>
        {refused.map(no => (
          <li key={`${no.carrier}/${no.service}`}>
            <strong>{no.carrier_name}</strong>: {explain(no.why)}{" "}
            <span class="soft">
              {no.value} · {no.mend}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Words for names that a site's own carriers may add to. */
const say = t as (key: string) => string;

function partWord(what: string): string {
  const key = `carriers.part_${what}`;
  return hasText(key) ? say(key) : what;
}

function needWord(need: string): string {
  const key = `carriers.need_${need}`;
  return hasText(key) ? say(key) : need;
}
