import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import { useScans } from "../../scan/use-scans";
import { role } from "../../shell";
import { announce, Field, List, ListItem } from "../../ui";
import { read } from "../desk/ask";
import { Due, OrderState } from "../desk/due";
import { Desk, orderPath } from "../desk/frame";
import { searchText } from "./search-text";
import type { Found } from "./story-types";

const WAIT_MS = 250;

interface Answer {
  text: string;
  orders: readonly Found[];
  problem?: string;
}

/** Finds orders by whatever the caller can say, or by a scan. */
export function Search({ query }: RouteProps) {
  const text = query.get("q") ?? "";
  const answer = useAnswer(text);
  useScans(scan => {
    const found = searchText(resolve(scan.raw, { year: new Date().getFullYear() }));
    feedback(found ? "right" : "wrong");
    if (found) search(found);
  });
  return (
    <Desk view="find">
      <Field
        label={t("service.search")}
        hint={t("service.searchHint")}
        type="search"
        value={text}
        onInput={search}
        maxLength={100}
        name="q"
      />
      <Results text={text} answer={answer} />
    </Desk>
  );
}

function search(text: string): void {
  const home = role.value === "service" ? "/service" : "/orders";
  navigate(text ? `${home}?q=${encodeURIComponent(text)}` : home, { replace: true });
}

/** Asks once the typing rests; a slow answer to an older question is dropped. */
function useAnswer(text: string): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const asked = useRef("");
  useEffect(() => {
    const wanted = text.trim();
    asked.current = wanted;
    if (wanted === "") {
      setAnswer(undefined);
      return;
    }
    const timer = setTimeout(async () => {
      const path = `/api/orders?q=${encodeURIComponent(wanted)}&limit=50`;
      const got = await read<{ orders: Found[] }>(path);
      if (asked.current !== wanted) return;
      const orders = got.ok ? got.body.orders : [];
      setAnswer({ text: wanted, orders, ...(!got.ok && { problem: got.words }) });
      if (got.ok) announce(t("service.found", { n: orders.length }));
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return answer;
}

function Results({ text, answer }: { text: string; answer: Answer | undefined }) {
  if (text.trim() === "" || !answer) return <p class="empty">{t("service.searchStart")}</p>;
  if (answer.problem) return <p role="alert">{answer.problem}</p>;
  return (
    <>
      <p class="soft" data-testid="found">
        {t("service.found", { n: answer.orders.length })}
      </p>
      <List empty={t("service.foundNothing", { text: answer.text })} label={t("service.results")}>
        {answer.orders.map(order => (
          <ListItem
            key={order.id}
            title={order.number}
            detail={`${order.customer_name} · ${t(`service.why_${whyOf(order)}`)}`}
            trailing={
              <span class="row">
                <OrderState state={order.state} />
                <Due order={order} />
              </span>
            }
            onClick={() => navigate(orderPath(order.id))}
          />
        ))}
      </List>
    </>
  );
}

const WHYS = ["number", "ref", "parcel", "phone", "customer", "name", "item"] as const;

function whyOf({ why }: Found): (typeof WHYS)[number] {
  return WHYS.find(each => each === why) ?? "number";
}
