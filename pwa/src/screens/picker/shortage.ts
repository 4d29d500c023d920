/** What a picker says of a line that cannot be picked as it stands, and how it is handed in. */
import { t } from "../../i18n";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob, replica } from "../../sync";
import { type Photo, toast } from "../../ui";
import { asFloorPlan } from "../floor/floor-plan";
import { type Cure, restOf, walkAnew } from "./cures";
import type { Line } from "./walk";
import { walkerOf } from "./walker";

export const REASONS = {
  missing: "picker.missing",
  damaged: "picker.damaged",
  wrong_item: "picker.wrongItemThere",
  blocked: "picker.blocked",
  unreadable: "picker.unreadable",
  held: "picker.heldLot",
  other: "picker.other",
} as const;

export type Reason = keyof typeof REASONS;

export interface Draft {
  reason: Reason | null;
  found: string;
  note: string;
  photos: readonly Photo[];
  /** The code of the item that lies there instead, as scanned. */
  other: string;
  /** On a cart: the tote that what was found went into, as scanned. */
  tote: string;
}

export interface StepProps {
  line: Line;
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  onBack: () => void;
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
