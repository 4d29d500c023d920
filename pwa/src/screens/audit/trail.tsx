import "./audit.css";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { Badge, Button, List, ListItem } from "../../ui";
import { Desk } from "../desk/frame";
import { operationWords } from "../desk/words";
import { ChainCard } from "./chain";
import { Filters } from "./filters";
import { moment } from "./moment";
import type { AuditEntry } from "./types";
import { useTrail } from "./use-trail";
import { deviceWord, entryPath, outcomeTone, whoWord, whyWord } from "./words";

/** Who did what, when, from what device and why: everything that was ever said to the site. */
export function Trail({ query }: RouteProps) {
  const { page, problem, busy, next } = useTrail(query);
  return (
    <Desk view="audit">
      <Filters query={query} />
      {problem && <p role="alert">{problem}</p>}
      {!page && !problem && <p role="status">{t("common.loading")}</p>}
      {page && (
        <div class="stack audit" aria-busy={busy}>
          <ChainCard chain={page.chain} />
          <p class="soft" data-testid="shown">
            {busy ? t("common.loading") : t("audit.shown", { n: page.entries.length })}
          </p>
          <List label={t("desk.audit")} empty={t("audit.nothing")}>
            {page.entries.map(entry => (
              <Row key={`${entry.device}/${entry.n}`} entry={entry} />
            ))}
          </List>
          {page.more !== "" && (
            <Button onClick={next} disabled={busy}>
              {t("audit.older")}
            </Button>
          )}
        </div>
      )}
    </Desk>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const told = [whoWord(entry), deviceWord(entry), entry.order_number, whyWord(entry)];
  return (
    <ListItem
      title={operationWords(entry.kind)}
      detail={told.filter(Boolean).join(" · ")}
      trailing={
        <span class="when">
          <span class="number">{moment(entry.at)}</span>
          {entry.outcome !== "applied" && (
            <Badge tone={outcomeTone(entry.outcome)}>
              {t(`audit.outcome_${entry.outcome as "refused"}`)}
            </Badge>
          )}
        </span>
      }
      onClick={() => navigate(entryPath(entry))}
    />
  );
}
