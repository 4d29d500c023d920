import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { navigate } from "../../router";
import { role } from "../../shell";
import { loading, session, useRow } from "../../sync";
import { announce, toast } from "../../ui";
import { problemWords } from "./words";

/** Problems that were there, or were told, before: views come and go, and tell nothing twice. */
const known = new Set<string>();
let primed = false;

/** The problems that nobody has been told of yet. */
export function fresh(
  problems: readonly DiscrepancyRow[],
  told: ReadonlySet<string>,
): DiscrepancyRow[] {
  return problems.filter(({ id }) => !told.has(id)).sort((a, b) => a.at - b.at);
}

/** Tells of a new problem wherever one is at the desk: the only change that is read out by itself. */
export function useNews(problems: readonly DiscrepancyRow[]): void {
  // The board comes together with the people's names; before that, everything would be news.
  const isHere = useRow("person", session.value?.person ?? "") !== undefined;
  useEffect(() => {
    if (loading.value || !isHere) return;
    const news = fresh(problems, known);
    for (const { id } of news) known.add(id);
    if (primed) tell(news);
    primed = true;
  });
}

function tell(news: readonly DiscrepancyRow[]): void {
  const newest = news.at(-1);
  if (!newest) return;
  const where = newest.order_number ? `${newest.order_number}: ` : "";
  const words = `${where}${problemWords(newest.kind)}`;
  announce(words);
  const mine = role.value;
  if (mine !== "supervisor" && mine !== "service") return;
  const run = () => navigate(`/${mine}/problems`);
  toast(words, { tone: "warn", action: { label: t("desk.problems"), run } });
}
