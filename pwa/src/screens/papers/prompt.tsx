import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button } from "../../ui";
import { usePapers } from "./use-papers";
import { paperWord } from "./words";

/** At the bench, when the order is packed: what has to be laid beside it. Silent without a network. */
export function PapersPrompt({ order }: { order: string }) {
  const { found } = usePapers(order);
  const open = found?.wanted.filter(each => each.state !== "ready") ?? [];
  if (open.length === 0) return null;
  return (
    <section class="stack no-print" data-testid="papers-prompt">
      <h2 class="section-title">{t("papers.promptTitle")}</h2>
      <p role="alert">
        {t("papers.prompt", { papers: open.map(each => paperWord(each.paper)).join(", ") })}
      </p>
      <Button onClick={() => navigate(`/papers/${encodeURIComponent(order)}`)}>
        {t("papers.promptGo")}
      </Button>
    </section>
  );
}
