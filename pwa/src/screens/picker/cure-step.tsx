import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob, replica } from "../../sync";
import { Button, List, ListItem, Screen, toast } from "../../ui";
import { asFloorPlan } from "../floor/floor-plan";
import { saved } from "../floor/saved";
import { type Cure, curesOf, restOf, walkAnew } from "./cures";
import type { Draft, StepProps } from "./short";
import type { Line } from "./walk";
import { walkerOf } from "./walker";

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

/** A report without its photo is better than none. */
export async function report(
  line: Line,
  draft: Draft,
  epoch: number,
  cure: Cure | null,
): Promise<void> {
  const blobs = await Promise.all(draft.photos.map(p => prepareBlob(p.bytes, p.type, "photo")));
  try {
    await tell(line, draft, epoch, cure, blobs);
  } catch (error) {
    if (!(error instanceof NotSaved) || !isTooBig(error) || blobs.length === 0) throw error;
    await tell(line, draft, epoch, cure, []);
    toast(t("picker.photoNoRoom"), { tone: "warn" });
  }
  walkerOf(line.task).did(line.no);
}

function isTooBig({ reason }: NotSaved): boolean {
  return reason === "no_space" || reason === "too_large";
}

async function tell(
  line: Line,
  draft: Draft,
  epoch: number,
  cure: Cure | null,
  blobs: readonly PreparedBlob[],
): Promise<void> {
  const { task, no, bin, sku } = line;
  const { reason, found, note, other, tote } = draft;
  const { lot, serials } = walkerOf(task).inHand(line);
  const body = {
    ...{ task, line: no, bin, sku, found: Number(found), reason: reason ?? "other", epoch },
    ...{ note: note.trim(), photos: blobs.map(blob => blob.ref), other },
    ...{ lot, serials, tote },
  };
  if (cure === null) return void (await dispatch("picking.report_short", body, blobs));
  const walk = walkWith(line, cure);
  if (cure.kind === "replenish")
    return void (await dispatch("picking.await_stock", { ...body, walk }, blobs));
  const from = { to_bin: cure.at.bin, to_lot: cure.at.lot, qty: cure.qty, walk };
  if (cure.kind === "elsewhere")
    return void (await dispatch("picking.pick_elsewhere", { ...body, ...from }, blobs));
  const substitute = cure.item.sku;
  await dispatch("picking.pick_substitute", { ...body, ...from, substitute }, blobs);
}

/** The rest put into the remaining route where it costs least. */
function walkWith(line: Line, cure: Cure): number[] {
  const ahead = walkerOf(line.task).ahead.value.filter(each => each.no !== line.no);
  const plan = asFloorPlan(replica.row("setting", "layout").value?.value);
  return walkAnew(ahead, restOf(line, cure), line, plan);
}
