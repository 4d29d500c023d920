import { t } from "../../i18n";
import type { Job } from "../../packing/bench-plan";
import { inOrder, type Load } from "../../packing/cartons";
import { guideFor } from "../../packing/guide";
import { Card, Facts } from "../../ui";
import type { PackLine } from "./pack";

interface GuideCardProps {
  lines: readonly PackLine[];
  job: Job;
  rules: unknown;
  load: Load | undefined;
}

/** What to pack with, in which order, and what to mind on its way. */
export function GuideCard({ lines, job, rules, load }: GuideCardProps) {
  const { material, filler, advice, notes } = guideFor(lines, job, rules);
  const order = load ? steps(load, lines) : [];
  const rows = [
    ...(material ? ([[t("packer.guideMaterial"), t(`packer.material_${material}`)]] as const) : []),
    ...(filler ? ([[t("packer.guideFiller"), t(`packer.filler_${filler}`)]] as const) : []),
    ...(order.length > 1
      ? ([[t("packer.guideOrder"), <Steps key="order" steps={order} />]] as const)
      : []),
  ];
  if (rows.length === 0 && advice.length === 0 && notes.length === 0) return null;
  return (
    <div data-testid="guide">
      <Card title={t("packer.guide")}>
        <div class="stack">
          {rows.length > 0 && <Facts rows={rows} />}
          {(advice.length > 0 || notes.length > 0) && (
            <ul class="guide-advice">
              {advice.map(word => (
                <li key={word}>{t(`packer.advice_${word}`)}</li>
              ))}
              {notes.map(note => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </div>
      </Card>
    </div>
  );
}

function Steps({ steps }: { steps: readonly string[] }) {
  return (
    <ol class="guide-steps">
      {steps.map((step, i) => (
        <li key={i}>{step}</li>
      ))}
    </ol>
  );
}

/** Pieces of one line that go in one after the other are one step. */
function steps(load: Load, lines: readonly PackLine[]): string[] {
  const runs: { line: number; n: number }[] = [];
  for (const { piece } of inOrder(load)) {
    const last = runs.at(-1);
    if (last?.line === piece.line) last.n += 1;
    else runs.push({ line: piece.line, n: 1 });
  }
  return runs.map(({ line, n }) => `${n} × ${lines.find(each => each.no === line)?.name ?? ""}`);
}
