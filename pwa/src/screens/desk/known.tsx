import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { Button, Field, Select } from "../../ui";
import { read } from "./ask";
import type { KnownCase, KnownCases } from "./case-types";
import { CAUSES } from "./cases";
import { Desk, problemsPath } from "./frame";
import { KnownList } from "./known-list";
import { causeWords, problemWords } from "./words";

const WAIT_MS = 150;

/** What was learned: settled problems by their words, their kind and their cause. */
export function Known({ query }: RouteProps) {
  const [text, cause, kind] = ["q", "cause", "kind"].map(name => query.get(name) ?? "") as [
    string,
    string,
    string,
  ];
  const { found, problem } = useKnown(text, cause, kind);
  const kinds = [...new Set([...(found?.cases ?? []).map(each => each.kind), kind])];
  const show = (change: Record<string, string>) =>
    navigate(problemsPath("known") + address({ q: text, cause, kind, ...change }), {
      replace: true,
    });
  return (
    <Desk view="problems" title={t("exceptions.known")} back={problemsPath()}>
      <div class="toolbar case-filters">
        <Field
          label={t("exceptions.search")}
          type="search"
          value={text}
          placeholder={t("exceptions.searchHint")}
          onInput={q => show({ q })}
        />
        <Select
          label={t("exceptions.cause")}
          value={cause}
          onChange={value => show({ cause: value })}
          options={[
            { value: "", label: t("exceptions.allCauses") },
            ...CAUSES.map(value => ({ value, label: causeWords(value) })),
          ]}
        />
        <Select
          label={t("exceptions.kindOf")}
          value={kind}
          onChange={value => show({ kind: value })}
          options={[
            { value: "", label: t("exceptions.allKinds") },
            ...kinds.filter(Boolean).map(value => ({ value, label: problemWords(value) })),
          ]}
        />
      </div>
      {problem && <p role="alert">{problem}</p>}
      {found && <Answer found={found} />}
    </Desk>
  );
}

function Answer({ found }: { found: KnownCases }) {
  if (found.cases.length === 0) return <p class="empty">{t("exceptions.noKnown")}</p>;
  const open = (known: KnownCase) => navigate(problemsPath(known.id));
  return (
    <>
      <ul class="known-cases">
        {found.cases.map(known => (
          <li key={known.id}>
            <KnownList known={[known]} />
            <Button
              label={`${t("exceptions.openCase")}: ${known.note}`}
              onClick={() => open(known)}
            >
              {t("exceptions.openCase")}
            </Button>
          </li>
        ))}
      </ul>
      {found.more && <p class="soft">{t("exceptions.moreKnown")}</p>}
    </>
  );
}

function address(values: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return query.size > 0 ? `?${query}` : "";
}

/** Asks once the typing rests for a moment. */
function useKnown(text: string, cause: string, kind: string) {
  const [found, setFound] = useState<KnownCases>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      const path = `/api/exceptions${address({ q: text.trim(), cause, kind })}`;
      const got = await read<KnownCases>(path, asking.signal);
      if (asking.signal.aborted) return;
      if (got.ok) setFound(got.body);
      setProblem(got.ok ? undefined : got.words);
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [text, cause, kind]);
  return { found, problem };
}
