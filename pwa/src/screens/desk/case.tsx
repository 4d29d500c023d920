import { useEffect, useRef, useState } from "preact/hooks";
import { formatDate, t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import type { RouteProps } from "../../router";
import { now } from "../../shell";
import { useRow } from "../../sync";
import { Badge, Card, Facts } from "../../ui";
import { read } from "./ask";
import { CaseActions } from "./case-actions";
import { LevelBadge, OutcomeBadge, TimeLeft } from "./case-badges";
import { CaseEntries } from "./case-entries";
import type { CaseStory } from "./case-types";
import { details, photosOf } from "./details";
import { EnlargedPhotos } from "./enlarged-photos";
import { Desk, orderPath, problemsPath } from "./frame";
import { KnownList } from "./known-list";
import { ago, causeWords, nextWords, operationWords, problemWords } from "./words";

/** One case: what was found, what has been done, and what may be done now. */
export function CaseView({ params }: RouteProps) {
  const { story, problem, again } = useCase(params.id ?? "");
  const back = problemsPath();
  if (!story)
    return (
      <Desk view="problems" back={back}>
        <p role={problem ? "alert" : "status"}>{problem ?? t("common.loading")}</p>
      </Desk>
    );
  const found = story.case;
  return (
    <Desk view="problems" title={problemWords(found.kind)} back={back}>
      {problem && <p role="alert">{problem}</p>}
      <div class="case">
        <div class="stack">
          <State story={story} onDone={again} />
          <Found story={story} />
        </div>
        <div class="stack">
          <Card title={t("exceptions.story")}>
            <CaseEntries entries={story.entries} />
          </Card>
          {found.state === "open" && (
            <Card title={t("exceptions.offered")}>
              {story.known.length === 0 && <p class="soft">{t("exceptions.offeredNone")}</p>}
              <KnownList known={story.known} />
            </Card>
          )}
        </div>
      </div>
    </Desk>
  );
}

/** Fetched again whenever its row on the board moves, and when it leaves the board. */
function useCase(id: string) {
  const [story, setStory] = useState<CaseStory>();
  const [problem, setProblem] = useState<string>();
  const [turn, setTurn] = useState(0);
  const row = useRow("discrepancy", id);
  const latest = useRef(0);
  const moved = row ? `${row.rev}/${row.entries}/${row.reminded}` : "";
  useEffect(() => {
    const mine = ++latest.current;
    void read<CaseStory>(`/api/exceptions/${encodeURIComponent(id)}`).then(got => {
      if (mine !== latest.current) return;
      if (got.ok) setStory(got.body);
      setProblem(got.ok ? undefined : got.words);
    });
  }, [id, moved, turn]);
  return { story, problem, again: () => setTurn(before => before + 1) };
}

/** How it stands, and what may be done about it. */
function State({ story, onDone }: { story: CaseStory; onDone: () => void }) {
  const found = story.case;
  const next = nextWords(found);
  return (
    <Card>
      <div class="stack">
        <p class="row">
          {found.state === "open" ? (
            <>
              <LevelBadge level={found.level} />
              <TimeLeft problem={found} />
            </>
          ) : (
            <Badge tone="right">{t("exceptions.settled")}</Badge>
          )}
          <OutcomeBadge outcome={found.outcome} />
          <span class="soft">{found.owner_name ?? t("exceptions.nobodys")}</span>
        </p>
        {next && (
          <p class="next-step">
            <strong>{t("exceptions.next")}: </strong>
            {next}
          </p>
        )}
        <End story={story} />
        <CaseActions story={story} onDone={onDone} />
      </div>
    </Card>
  );
}

/** How it ended, once it has. */
function End({ story: { note, cause, settled_at } }: { story: CaseStory }) {
  if (settled_at === null) return null;
  return (
    <Facts
      rows={[
        [t("exceptions.when"), formatDate(settled_at)],
        [t("exceptions.cause"), cause ? causeWords(cause) : t("exceptions.overBySelf")],
        ...(note ? ([[t("exceptions.resolution"), note]] as const) : []),
      ]}
    />
  );
}

function Found({ story: { case: found } }: { story: CaseStory }) {
  return (
    <Card title={t("exceptions.facts")}>
      <div class="stack">
        <EnlargedPhotos refs={photosOf(found.details)} />
        <Facts rows={[...about(found), ...details(found.details)]} />
      </div>
    </Card>
  );
}

type Fact = readonly [name: string, value: preact.ComponentChildren];

/** Whom it is about, who said it, who has it. */
function about(found: DiscrepancyRow): Fact[] {
  const { order, order_number, customer_name, person_name, operation, owner_name } = found;
  const rows: Fact[] = [[t("exceptions.owner"), owner_name ?? t("exceptions.nobodys")]];
  if (order)
    rows.push([
      t("desk.order"),
      <a href={`#${orderPath(order)}`}>{order_number ?? t("desk.open")}</a>,
    ]);
  if (customer_name) rows.push([t("desk.customer"), customer_name]);
  if (found.why.length > 0)
    rows.push([t("exceptions.startsHigher"), found.why.map(whyWords).join(", ")]);
  if (person_name) rows.push([t("desk.person"), person_name]);
  if (operation) rows.push([t("desk.action"), operationWords(operation)]);
  rows.push([t("desk.at"), `${formatDate(found.at)} (${ago(found.at, now.value)})`]);
  return rows;
}

function whyWords(why: string): string {
  if (why === "vip") return t("exceptions.why.vip");
  return t(why === "large" ? "exceptions.why.large" : "exceptions.why.repeated");
}
