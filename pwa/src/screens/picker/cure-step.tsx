import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { Button, List, ListItem, Screen, toast } from "../../ui";
import { saved } from "../floor/saved";
import { type Cure, curesOf } from "./cures";
import { report, type StepProps } from "./shortage";
import type { Line } from "./walk";

type CureStepProps = StepProps & { epoch: number; onDone: () => void };

/** What becomes of the rest: every way out, each with where and how many. */
export function CureStep({ line, draft, epoch, onBack, onDone }: CureStepProps) {
  const [busy, setBusy] = useState(false);
  const missing = line.qty - Number(draft.found);
  const go = async (cure: Cure | null) => {
    setBusy(true);
    const ok = await saved(() => report(line, draft, epoch, cure));
    setBusy(false);
    if (!ok) return;
    feedback("right");
    if (cure) toast(doneWords(line, cure), { tone: "right" });
    onDone();
  };
  return (
    <Screen
      title={t("picker.cureTitle", { n: missing })}
      subtitle={`${line.bin} · ${line.name}`}
      back={onBack}
      actions={
        <Button data-testid="cure-none" disabled={busy} onClick={() => void go(null)}>
          {t("picker.cureNone")}
        </Button>
      }
    >
      <List label={t("picker.cureTitle", { n: missing })}>
        {curesOf(line, missing).map(cure => (
          <ListItem
            key={keyOf(cure)}
            title={<span data-testid={`cure-${keyOf(cure)}`}>{title(cure)}</span>}
            detail={detail(cure)}
            {...(!busy && { onClick: () => void go(cure) })}
          />
        ))}
      </List>
    </Screen>
  );
}

function keyOf(cure: Cure): string {
  if (cure.kind === "replenish") return cure.kind;
  return cure.kind === "elsewhere" ? `${cure.at.bin}${cure.at.lot}` : cure.item.sku;
}

function title(cure: Cure): string {
  if (cure.kind === "replenish") return t("picker.cureWait");
  if (cure.kind === "elsewhere")
    return t("picker.cureElsewhere", { n: cure.qty, bin: cure.at.bin });
  return t("picker.cureSubstitute", { n: cure.qty, name: cure.item.name });
}

function detail(cure: Cure): string {
  if (cure.kind === "replenish") return t("picker.cureWaitHint");
  const there = t("picker.cureThere", { n: formatNumber(cure.at.qty) });
  const lot = cure.at.lot ? [t("floor.lotOf", { lot: cure.at.lot })] : [];
  const place = cure.kind === "substitute" ? [cure.at.bin] : [];
  return [...place, there, ...lot].join(" · ");
}

function doneWords(line: Line, cure: Cure): string {
  if (cure.kind === "replenish") return t("picker.cureWaits", { bin: line.bin });
  return t("picker.cureOnTheWay", { bin: cure.at.bin });
}
