import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import { useScans } from "../../scan/use-scans";
import { role } from "../../shell";
import { Button, Field, List, ListItem } from "../../ui";
import { Due, OrderState } from "../desk/due";
import { Desk, orderPath } from "../desk/frame";
import { matchedWords, onlyOne, searchText, whyOf } from "./search-text";
import type { Found } from "./story-types";
import { type Answer, foundWords, type Search as Searching, useSearch } from "./use-search";

/** Finds orders by whatever the caller can say, as it is typed, or by a scan: what can only mean one
 * order opens it. */
export function Search({ query }: RouteProps) {
  const text = query.get("q") ?? "";
  const search = useSearch(text);
  const scanned = useRef("");
  useScans(scan => {
    const found = searchText(resolve(scan.raw, { year: new Date().getFullYear() }));
    feedback(found ? "right" : "wrong");
    scanned.current = found ?? "";
    if (found) type(found);
    openOnly();
  });
  const { answer } = search;
  const openOnly = () => {
    if (!answer || answer.problem || answer.text !== scanned.current) return;
    scanned.current = "";
    const only = onlyOne(answer);
    if (only) navigate(orderPath(only.id));
  };
  useEffect(openOnly, [answer]);
  const typed = (words: string) => {
    scanned.current = "";
    type(words);
  };
  return (
    <Desk view="find">
      <search class="stack" onKeyDown={event => onKey(event, answer, typed)}>
        <Field
          label={t("service.search")}
          hint={t("service.searchHint")}
          type="search"
          value={text}
          onInput={typed}
          maxLength={100}
          name="q"
        />
        <Results text={text} search={search} />
      </search>
    </Desk>
  );
}

function type(text: string): void {
  const home = role.value === "service" ? "/service" : "/orders";
  navigate(text ? `${home}?q=${encodeURIComponent(text)}` : home, { replace: true });
}

/** Arrows go from the field through the results and back, Enter opens the only one, Escape begins anew. */
function onKey(event: KeyboardEvent, answer: Answer | undefined, typed: (text: string) => void) {
  const root = event.currentTarget as HTMLElement;
  const stops = [...root.querySelectorAll<HTMLElement>("input, .list button")];
  const at = stops.indexOf(event.target as HTMLElement);
  if (event.key === "Escape") {
    typed("");
    stops[0]?.focus();
  } else if (event.key === "Enter" && at === 0) {
    const only = answer && onlyOne(answer);
    if (only) navigate(orderPath(only.id));
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0) {
    event.preventDefault();
    stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
}

function Results({ text, search }: { text: string; search: Searching }) {
  const { answer, busy, again, next } = search;
  if (text.trim() === "") return <p class="empty">{t("service.searchStart")}</p>;
  if (!answer) return <p class="empty">{t("service.searching")}</p>;
  if (answer.problem)
    return (
      <div class="stack">
        <p role="alert">{answer.problem}</p>
        <Button onClick={again}>{t("service.searchAgain")}</Button>
      </div>
    );
  return (
    <div class="stack" aria-busy={busy}>
      <p class="soft" data-testid="found">
        {busy ? t("service.searching") : foundWords(answer.orders.length, answer.more)}
      </p>
      <List empty={t("service.foundNothing", { text: answer.text })} label={t("service.results")}>
        {answer.orders.map(order => (
          <Row key={order.id} order={order} />
        ))}
      </List>
      {answer.more !== "" && (
        <Button onClick={next} disabled={busy}>
          {t("service.showMore")}
        </Button>
      )}
    </div>
  );
}

function Row({ order }: { order: Found }) {
  const why = t(`service.why_${whyOf(order)}`);
  const matched = matchedWords(order);
  return (
    <ListItem
      title={order.number}
      detail={`${order.customer_name} · ${matched ? `${why}: ${matched}` : why}`}
      trailing={
        <span class="row">
          <OrderState state={order.state} />
          <Due order={order} />
        </span>
      }
      onClick={() => navigate(orderPath(order.id))}
    />
  );
}
