import "./audit.css";
import { useEffect, useState } from "preact/hooks";
import { explain, formatNumber, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { Badge, Card, Facts, type Tone } from "../../ui";
import { plain, read } from "../desk/ask";
import { Desk, orderPath } from "../desk/frame";
import { eventWords, operationWords } from "../desk/words";
import { ChainCard } from "./chain";
import { label, valueWords } from "./facts";
import { moment } from "./moment";
import type { AuditEntry, Fact, Opened } from "./types";
import { deviceWord, outcomeTone, whoWord } from "./words";

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
          <Contents title={t("audit.said")} facts={said} />
          {answer.length > 0 && <Contents title={t("audit.answer")} facts={answer} />}
          <ChainCard chain={chain} />
        </div>
        <Card title={t("audit.followed")}>
          {followed.length === 0 && <p class="empty">{t("audit.nothingFollowed")}</p>}
          <ol class="stack">
            {followed.map((event, at) => (
              <li key={`${event.kind}/${at}`} class="stack">
                <strong>{sentence(event)}</strong>
                <Told facts={event.facts} />
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
    ...(entry.why ? [[t("desk.reason"), entry.why] as const] : []),
    [
      t("audit.outcome"),
      <span class="row">
        <Badge tone={outcomeTone(outcome)}>{t(`audit.outcome_${outcome as "refused"}`)}</Badge>
        {code && <span>{explain(code)}</span>}
      </span>,
    ],
  ] as const;
}

function Contents({ title, facts }: { title: string; facts: readonly Fact[] }) {
  return (
    <Card title={title}>
      {facts.length === 0 ? <p class="empty">{t("audit.saidNothing")}</p> : <Told facts={facts} />}
    </Card>
  );
}

function Told({ facts }: { facts: readonly Fact[] }) {
  return (
    <Facts
      rows={facts.map(fact => [
        label(fact.path),
        <span key={fact.path} class={fact.hidden ? "soft" : ""}>
          {valueWords(fact)}
        </span>,
      ])}
    />
  );
}

/** The event's sentence where all that it says is known here, else its name. */
function sentence({ kind, facts }: Opened["followed"][number]): string {
  const told = Object.fromEntries(facts.map(fact => [fact.path, fact.value]));
  const words = eventWords(kind, plain(told));
  return words.includes("{") ? kind : words;
}
