import { formatDuration, t } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { now } from "../../shell";
import { Badge, type Tone } from "../../ui";
import { timeLeft } from "./cases";
import { word } from "./words";

/** What its level has left, in words and colour. */
export function TimeLeft({ problem }: { problem: Pick<DiscrepancyRow, "since" | "due_at"> }) {
  const { kind, ms } = timeLeft(problem, now.value);
  const age = formatDuration(ms);
  if (kind === "overdue") return <Badge tone="wrong">{t("exceptions.overdueBy", { age })}</Badge>;
  const left = t("exceptions.left", { age });
  return kind === "soon" ? <Badge tone="warn">{left}</Badge> : <span>{left}</span>;
}

const LEVEL_TONES: Readonly<Record<number, Tone>> = { 2: "warn", 3: "wrong" };

export function levelWords(level: number): string {
  if (level === 1) return t("exceptions.level1");
  return t(level === 2 ? "exceptions.level2" : "exceptions.level3");
}

export function LevelBadge({ level }: { level: number }) {
  return <Badge tone={LEVEL_TONES[level] ?? "neutral"}>{levelWords(level)}</Badge>;
}

const OUTCOME_TONES: Readonly<Record<string, Tone>> = { quarantined: "wrong", held: "wrong" };

/** What became of the operation that told it, unless it simply applied. */
export function OutcomeBadge({ outcome }: { outcome: string }) {
  if (outcome === "applied") return null;
  return <Badge tone={OUTCOME_TONES[outcome] ?? "info"}>{word("outcome", outcome)}</Badge>;
}
