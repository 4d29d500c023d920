import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { navigate } from "../../router";
import { role } from "../../shell";
import { loading, session, useRow } from "../../sync";
import { announce, toast } from "../../ui";
import { reminderKey, reminders } from "./cases";
import { problemWords } from "./words";

/** What was told before, by case: views come and go, and tell nothing twice. */
const told = new Map<string, string>();
let primed = false;

/** Says, wherever somebody is at the desk, whose time is half or wholly over: to the owner, and to
 * those who lead. */
export function useReminders(cases: readonly DiscrepancyRow[]): void {
  const isHere = useRow("person", session.value?.person ?? "") !== undefined;
  useEffect(() => {
    if (loading.value || !isHere) return;
    const me = session.value?.person ?? "";
    const leads = role.value === "supervisor" || role.value === "admin";
    const news = reminders(cases, told, me, leads);
    for (const row of cases) told.set(row.id, reminderKey(row));
    if (primed) for (const row of news) tell(row, me);
    primed = true;
  });
}

function tell({ id, kind, owner, level, reminded }: DiscrepancyRow, me: string): void {
  const params = { percent: reminded, level, what: problemWords(kind) };
  const words =
    owner === me ? t("exceptions.reminderOwn", params) : t("exceptions.reminderLevel", params);
  announce(words);
  const run = () => navigate(`/${role.value}/problems/${encodeURIComponent(id)}`);
  toast(words, { tone: "warn", action: { label: t("exceptions.openCase"), run } });
}
