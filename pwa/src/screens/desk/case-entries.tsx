import { formatDate, hasText, t } from "../../i18n";
import type { CaseEntry } from "./case-types";
import { causeWords } from "./words";

/** What has been done with a case, the newest first. */
export function CaseEntries({ entries }: { entries: readonly CaseEntry[] }) {
  if (entries.length === 0) return <p class="empty">{t("exceptions.noStory")}</p>;
  return (
    <ol class="case-entries">
      {entries.toReversed().map(entry => (
        <li key={entry.no}>
          <p>
            <strong>{entry.person_name ?? t("exceptions.house")}</strong> {entryWords(entry)}
          </p>
          {entry.text && <p class="said">{entry.text}</p>}
          <time class="soft" dateTime={new Date(entry.at).toISOString()}>
            {formatDate(entry.at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

function entryWords({ what, level, about }: CaseEntry): string {
  const key = `exceptions.entry.${what}`;
  if (!hasText(key)) return what;
  const params = { level, about: what === "settled" ? causeWords(about) : about };
  return (t as (key: string, params: object) => string)(key, params);
}
