import "./papers.css";
import { useState } from "preact/hooks";
import { formatDate, type Key, t } from "../../i18n";
import { role } from "../../shell";
import { Badge, Button, Card, type Tone } from "../../ui";
import { withSid } from "../desk/ask";
import { Attach } from "./attach";
import { Decide } from "./decide";
import { Another, IssueButton } from "./issue";
import type { Kept, OrderPapers, Wanted } from "./types";
import { type Known, usePapers } from "./use-papers";
import { languageWord, paperWord } from "./words";

/** Which papers must go with an order, which there are, and what is to be done about it. */
export function PapersCard({ order }: { order: string }) {
  const known = usePapers(order);
  const { found, problem } = known;
  return (
    <Card title={t("papers.title")}>
      <div class="stack" data-testid="papers">
        {problem && <p role="alert">{problem}</p>}
        {!found && !problem && <p role="status">{t("common.loading")}</p>}
        {found && (
          <>
            <MustHave of={found} known={known} />
            <There of={found} />
            <Another of={found} known={known} />
          </>
        )}
      </div>
    </Card>
  );
}

/** Who may say that a paper is not needed, or was the wrong one. */
export function decides(): boolean {
  return role.value !== "packer";
}

const TONES: Readonly<Record<Wanted["state"], Tone>> = {
  lacking: "wrong",
  old: "warn",
  waiting: "info",
  ready: "right",
};
const STATES = {
  lacking: "papers.state_lacking",
  old: "papers.state_old",
  waiting: "papers.state_waiting",
  ready: "papers.state_ready",
} as const satisfies Record<Wanted["state"], Key>;

function MustHave({ of, known }: { of: OrderPapers; known: Known }) {
  if (of.wanted.length === 0) return <p class="soft">{t("papers.noneAsked")}</p>;
  const open = of.wanted.some(each => each.state !== "ready");
  return (
    <section class="stack">
      <h3 class="section-title">{t("papers.mustHave")}</h3>
      <p data-testid="gate">{t(open ? "papers.blocked" : "papers.allReady")}</p>
      <ul class="papers">
        {of.wanted.map(each => (
          <li key={each.paper} data-testid={`wanted-${each.paper}`}>
            <span class="two-lines">
              <span class="row">
                <strong>{paperWord(each.paper)}</strong>
                <Badge tone={TONES[each.state]}>{t(STATES[each.state])}</Badge>
              </span>
              {each.why.map(why => (
                <span key={why} class="soft">
                  {why}
                </span>
              ))}
              {each.state === "old" && <span class="soft">{t("papers.oldHint")}</span>}
            </span>
            {each.state !== "ready" && <Cures of={of} paper={each.paper} known={known} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CuresProps {
  of: OrderPapers;
  paper: string;
  known: Known;
}

function Cures({ of, paper, known }: CuresProps) {
  const [asked, setAsked] = useState<"attach" | "waive">();
  const close = () => setAsked(undefined);
  return (
    <span class="row">
      {of.makes.includes(paper) && <IssueButton of={of} paper={paper} known={known} primary />}
      {!of.makes.includes(paper) && (
        <Button kind="primary" data-testid={`attach-${paper}`} onClick={() => setAsked("attach")}>
          {t("papers.attach")}
        </Button>
      )}
      {decides() && (
        <Button data-testid={`waive-${paper}`} onClick={() => setAsked("waive")}>
          {t("papers.notNeeded")}
        </Button>
      )}
      {asked === "attach" && <Attach order={of.id} paper={paper} onClose={close} />}
      {asked === "waive" && (
        <Decide
          title={t("papers.waiveTitle", { paper: paperWord(paper) })}
          hint={t("papers.waiveHint")}
          action={t("papers.notNeeded")}
          say={reason => ["pod.waive_paper", { order: of.id, paper, reason }]}
          onDone={known.again}
          onClose={close}
        />
      )}
    </span>
  );
}

function There({ of }: { of: OrderPapers }) {
  if (of.papers.length === 0) return <p class="soft">{t("papers.thereNone")}</p>;
  return (
    <section class="stack">
      <h3 class="section-title">{t("papers.there")}</h3>
      <ul class="papers">
        {of.papers.map(each => (
          <li key={each.id} class={each.counts ? "" : "past"} data-testid={`paper-${each.paper}`}>
            <Named kept={each} />
            <span class="row">
              <Opens kept={each} />
              <Withdraw kept={each} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Named({ kept }: { kept: Kept }) {
  const { paper, source, number, version, note, by, at, lang, counts, bytes } = kept;
  return (
    <span class="two-lines">
      <span class="row">
        <strong>{paperWord(paper)}</strong>
        <Badge tone={counts ? "neutral" : "warn"}>
          {counts ? t(`papers.kind_${source}`, { version }) : t("papers.counts_no")}
        </Badge>
      </span>
      {number && <span class="code">{number}</span>}
      <span class="soft">
        {[formatDate(at), by, languageWord(lang)].filter(Boolean).join(" · ")}
      </span>
      {note && <span>{note}</span>}
      {bytes === "refused" && <span class="error">{t("papers.bytes_refused")}</span>}
    </span>
  );
}

/** What was issued opens as it is; somebody else's PDF comes as a file. */
function Opens({ kept }: { kept: Kept }) {
  if (kept.source === "waived" || kept.bytes !== "complete") return null;
  return (
    <a
      class="button"
      href={withSid(`/documents/papers/${encodeURIComponent(kept.id)}`)}
      target="_blank"
      rel="noreferrer"
      data-testid={`print-${kept.number}`}
    >
      {t(kept.source === "issued" ? "papers.print" : "papers.open")}
    </a>
  );
}

function Withdraw({ kept }: { kept: Kept }) {
  const [asking, setAsking] = useState(false);
  if (kept.source === "issued" || !kept.counts || !decides()) return null;
  return (
    <>
      <Button data-testid={`withdraw-${kept.paper}`} onClick={() => setAsking(true)}>
        {t("papers.withdraw")}
      </Button>
      {asking && (
        <Decide
          title={t("papers.withdrawTitle", { paper: paperWord(kept.paper) })}
          hint={t("papers.withdrawHint")}
          action={t("papers.withdraw")}
          say={reason => ["pod.withdraw_paper", { paper: kept.id, reason }]}
          onDone={() => undefined}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
