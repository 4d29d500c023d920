import "./audit.css";
import { useEffect, useState } from "preact/hooks";
import { explain, formatNumber, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { Badge, Card, Facts, type Tone } from "../../ui";
import { read } from "../desk/ask";
import { Desk, orderPath } from "../desk/frame";
import { eventName, operationWords } from "../desk/words";
import { sentence } from "../orders/moment";
import { ChainCard } from "./chain";
import { label, valueWords } from "./facts";
import { moment } from "./moment";
import type { AuditEntry, Fact, Opened } from "./types";
import { deviceWord, outcomeTone, whoWord, whyWord } from "./words";

const SEAL_TONES: Readonly<Record<Opened["seal"], Tone>> = {
  whole: "right",
  waiting: "neutral",
  broken: "wrong",
};

/** One operation in full: what was said, what followed, and whether it is still what was sealed. */
export function Entry({ query }: RouteProps) {
  const { opened, problem } = useOpened(query.get("device") ?? "", query.get("n") ?? "");
  if (!opened)
    return (
      <Desk view="audit" back="/audit">
        <p role={problem ? "alert" : "status"}>{problem ?? t("common.loading")}</p>
      </Desk>
    );
  const { entry, said, answer, followed, seal, chain } = opened;
  return (
    <Desk view="audit" title={operationWords(entry.kind)} subtitle={whoWord(entry)} back="/audit">
      <div class="audit-entry">
        <div class="stack">
          <Card title={t("audit.entry")} trailing={<Sealed seal={seal} />}>
            <Facts rows={about(entry)} />
          </Card>
          <Contents title={t("audit.said")} facts={said} entry={entry} />
          {answer.length > 0 && <Contents title={t("audit.answer")} facts={answer} entry={entry} />}
          <ChainCard chain={chain} />
        </div>
        <Card title={t("audit.followed")}>
          {followed.length === 0 && <p class="empty">{t("audit.nothingFollowed")}</p>}
          <ol class="stack">
            {followed.map((event, at) => (
              <li key={`${event.kind}/${at}`} class="stack">
                <strong>{told(event)}</strong>
                <Told facts={event.facts} kind={event.kind} entry={entry} />
              </li>
            ))}
          </ol>
        </Card>
      </div>
    </Desk>
  );
}

function useOpened(device: string, n: string) {
  const [opened, setOpened] = useState<Opened>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setOpened(undefined);
    setProblem(undefined);
    const path = `/api/audit/entry?${new URLSearchParams({ device, n })}`;
    void read<Opened>(path).then(got => (got.ok ? setOpened(got.body) : setProblem(got.words)));
  }, [device, n]);
  return { opened, problem };
}

function Sealed({ seal }: { seal: Opened["seal"] }) {
  return (
    <span data-testid="seal">
      <Badge tone={SEAL_TONES[seal]}>{t(`audit.seal_${seal}`)}</Badge>
    </span>
  );
}

function about(entry: AuditEntry) {
  const { order, order_number, outcome, code } = entry;
  return [
    [t("desk.person"), whoWord(entry)],
    [t("desk.device"), deviceWord(entry)],
    [t("audit.happened"), moment(entry.at)],
    [t("audit.written"), moment(entry.recv_at)],
    [t("audit.version"), formatNumber(entry.ver)],
    ...(order
      ? [[t("desk.order"), <a href={`#${orderPath(order)}`}>{order_number ?? order}</a>] as const]
      : []),
    ...(entry.why ? [[t("desk.reason"), whyWord(entry)] as const] : []),
    [
      t("audit.outcome"),
      <span class="row">
        <Badge tone={outcomeTone(outcome)}>{t(`audit.outcome_${outcome as "refused"}`)}</Badge>
        {code && <span>{explain(code)}</span>}
      </span>,
    ],
  ] as const;
}

interface ToldProps {
  facts: readonly Fact[];
  entry: AuditEntry;
  kind?: string;
}

function Contents({ title, facts, entry }: ToldProps & { title: string }) {
  return (
    <Card title={title}>
      {facts.length === 0 ? (
        <p class="empty">{t("audit.saidNothing")}</p>
      ) : (
        <Told facts={facts} entry={entry} />
      )}
    </Card>
  );
}

function Told({ facts, entry, kind = "" }: ToldProps) {
  return (
    <Facts
      rows={facts.map(fact => [
        label(fact.path, fact.value),
        <span key={fact.path} class={fact.hidden ? "soft" : ""}>
          {whose(fact, entry) ?? valueWords(fact, kind)}
        </span>,
      ])}
    />
  );
}

/** Who said it and on what, by their names. */
function whose({ path, value }: Fact, entry: AuditEntry): string | undefined {
  if (value === null) return undefined;
  if (path === "person" && value === entry.person) return whoWord(entry);
  return path === "device" && value === entry.device ? deviceWord(entry) : undefined;
}

/** The event's sentence where all that it says is known here, else what kind of thing it was. */
function told({ kind, facts }: Opened["followed"][number]): string {
  const data = Object.fromEntries(facts.map(fact => [fact.path, fact.value]));
  const words = sentence({ kind, data });
  return words.includes("{") ? eventName(kind) : words;
}
