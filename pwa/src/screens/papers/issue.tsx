import { useState } from "preact/hooks";
import { language, t } from "../../i18n";
import { announce, Button, Select, toast } from "../../ui";
import { ask } from "../desk/ask";
import { Attach } from "./attach";
import type { Issued, OrderPapers } from "./types";
import type { Known } from "./use-papers";
import { LANGUAGES, languageWord, paperWord } from "./words";

interface IssueProps {
  of: OrderPapers;
  paper: string;
  known: Known;
  primary?: boolean;
  lang?: string;
}

/** Makes a paper, or the next version of it; what has not changed stays the version it is. */
export function IssueButton({ of, paper, known, primary = false, lang }: IssueProps) {
  const [busy, setBusy] = useState(false);
  const issue = async () => {
    setBusy(true);
    const path = `/documents/orders/${encodeURIComponent(of.id)}/papers`;
    const got = await ask<Issued>(path, { paper, lang: lang ?? language.value });
    setBusy(false);
    if (!got.ok) return toast(got.words, { tone: "wrong" });
    announce(t("papers.issued", { number: got.body.number }));
    if (got.body.fault) toast(t("papers.fault", { fault: got.body.fault }), { tone: "warn" });
    known.again();
  };
  const again = of.papers.some(each => each.paper === paper && each.source === "issued");
  return (
    <Button
      {...(primary && { kind: "primary" as const })}
      disabled={busy}
      data-testid={`issue-${paper}`}
      onClick={() => void issue()}
    >
      {t(again ? "papers.issueAgain" : "papers.issue")}
    </Button>
  );
}

/** Any paper, asked for or not, in any language. */
export function Another({ of, known }: { of: OrderPapers; known: Known }) {
  const [paper, setPaper] = useState(of.makes[0] ?? "");
  const [lang, setLang] = useState<string>(language.value);
  const [attaching, setAttaching] = useState(false);
  const made = of.makes.includes(paper);
  const names = [...of.makes, ...of.takes];
  return (
    <section class="stack another">
      <h3 class="section-title">{t("papers.other")}</h3>
      <Select
        label={t("papers.which")}
        value={paper}
        options={names.map(value => ({ value, label: paperWord(value) }))}
        onChange={setPaper}
      />
      {made && (
        <Select
          label={t("papers.language")}
          value={lang}
          options={LANGUAGES.map(value => ({ value, label: languageWord(value) }))}
          onChange={setLang}
        />
      )}
      <div class="row">
        {made ? (
          <IssueButton of={of} paper={paper} known={known} lang={lang} />
        ) : (
          <Button data-testid={`attach-${paper}`} onClick={() => setAttaching(true)}>
            {t("papers.attach")}
          </Button>
        )}
      </div>
      {attaching && <Attach order={of.id} paper={paper} onClose={() => setAttaching(false)} />}
    </section>
  );
}
