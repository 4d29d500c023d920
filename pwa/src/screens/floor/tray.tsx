import { useEffect, useState } from "preact/hooks";
import { explain, formatDate, hasText, type Key, t } from "../../i18n";
import type { RowTypes } from "../../kernel/contract";
import type { WireOp } from "../../kernel/wire";
import { opEntry } from "../../ops";
import { feedback } from "../../scan/feedback";
import { oldestUnsent, unsent } from "../../shell";
import { dispatch, opNumbered, replica, useRows } from "../../sync";
import { Badge, Button, Card, Facts, List, ListItem, Screen, type Tone } from "../../ui";
import { keyFacts } from "./facts";
import { saved } from "./saved";
import { words } from "./tasks";

type Result = RowTypes["result"];

const TONES: Readonly<Record<string, Tone>> = {
  diverted: "warn",
  quarantined: "warn",
  refused: "wrong",
  held: "info",
  settled: "right",
};

/** The attention tray: what became otherwise than the worker meant, until they have read it. */
export function Tray() {
  const results = [...useRows("result")].sort((a, b) => a.n - b.n);
  return (
    <Screen title={t("floor.messages")} back={() => history.back()}>
      {results.length === 0 && (
        <p data-testid="no-messages">
          {t("floor.noMessages")} {unsent.value === 0 && t("floor.allAccepted")}
        </p>
      )}
      {results.map(result => (
        <Message key={result.n} result={result} />
      ))}
      <NotSent />
    </Screen>
  );
}

function labelOf(operation: string): string {
  const entry = opEntry(operation);
  return entry ? t(entry.label as "ops.title") : operation;
}

function outcomeWord(outcome: string): string {
  const key = `floor.${outcome}`;
  return hasText(key) ? t(key as "floor.refused") : outcome;
}

function explained({ k, outcome, code, data }: Result): string {
  if (outcome === "settled") return t("floor.answered", { note: String(data.note ?? "") });
  const special: Key | undefined = opEntry(k)?.refusal?.(code);
  return special ? t(special as "ops.title") : explain(code, words(data));
}

function Message({ result }: { result: Result }) {
  const body = useBody(result.n);
  const facts = keyFacts(body, result.data);
  const understood = async () => {
    if (await saved(() => dispatch("floor.acknowledge", { n: result.n }))) feedback("right");
  };
  const badge = (
    <Badge tone={TONES[result.outcome] ?? "neutral"}>{outcomeWord(result.outcome)}</Badge>
  );
  return (
    <div data-testid={`message-${result.n}`}>
      <Card title={labelOf(result.k)} trailing={badge}>
        <div class="stack">
          <p>{explained(result)}</p>
          {facts.length > 0 && <Facts rows={facts} />}
          <p class="soft">{formatDate(result.at)}</p>
          <Button kind="primary" icon="check" data-testid="understood" onClick={understood}>
            {t("floor.understood")}
          </Button>
        </div>
      </Card>
    </div>
  );
}

/** What the operation said; it is still on the device's disk. */
function useBody(n: number): Readonly<Record<string, unknown>> {
  const [op, setOp] = useState<WireOp>();
  useEffect(() => {
    let current = true;
    opNumbered(n).then(
      found => current && setOp(found),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [n]);
  return op?.body ?? {};
}

const MOST_SHOWN = 100;

function NotSent() {
  // The list itself is no signal; these change whenever it does.
  const count = unsent.value;
  void oldestUnsent.value;
  if (count === 0) return null;
  const pending = replica.pending.slice(0, MOST_SHOWN);
  return (
    <section class="stack">
      <h2 class="section-title">{t("floor.notSent")}</h2>
      <p class="soft">{t("floor.notSentHint")}</p>
      <List label={t("floor.notSent")}>
        {pending.map(op => (
          <ListItem
            key={op.n}
            title={labelOf(op.k)}
            detail={[formatDate(op.at), ...keyFacts(op.body).map(([, value]) => value)].join(" · ")}
          />
        ))}
      </List>
    </section>
  );
}
