import type { RowTypes } from "../kernel/contract";
import { takeOut, wanted } from "../packing/bench-plan";
import type { Draft, OpsOf } from "./index";

type Line = RowTypes["pack_line"];
type JobCarton = RowTypes["pack_job"]["cartons"][number];

/** The job with this carton in it, changed by what is said of it now. */
function sayOf(draft: Draft, task: string, parcel: string, said: Partial<JobCarton>): void {
  const job = draft.get("pack_job", task);
  if (!job) return;
  const known = job.cartons.find(each => each.parcel === parcel);
  const now = { parcel, carton: null, sealed: false, weight_g: 0, ...known, ...said };
  const cartons = known
    ? job.cartons.map(each => (each.parcel === parcel ? now : each))
    : [...job.cartons, now];
  draft.put("pack_job", task, { ...job, cartons });
}

function putLine(draft: Draft, line: Line, inside: Line["inside"]): void {
  const packed = inside.reduce((sum, { qty }) => sum + qty, 0);
  draft.put("pack_line", `${line.task}/${line.no}`, { ...line, inside, packed });
}

export const packing = {
  open_carton: {
    label: "ops.openCarton",
    fold: (draft, { task, parcel, carton = "" }) => sayOf(draft, task, parcel, { carton }),
  },
  check_item: {
    label: "ops.checkItem",
    fold: (draft, { task, line, packed, parcel = "", blind = false }) => {
      const row = draft.get("pack_line", `${task}/${line}`);
      const number = parcel || draft.get("pack_job", task)?.parcel || "";
      if (!row) return;
      const others = row.inside.filter(each => each.parcel !== number);
      const elsewhere = others.reduce((sum, { qty }) => sum + qty, 0);
      if (!blind && elsewhere + packed > wanted(row)) return;
      sayOf(draft, task, number, {});
      putLine(draft, row, packed > 0 ? [...others, { parcel: number, qty: packed }] : others);
    },
  },
  report_mismatch: { label: "ops.reportMismatch" },
  finish_count: {
    label: "ops.finishBlind",
    fold: (draft, { task }) => draft.patch("pack_job", task, { counted: true }),
  },
  check_quality: {
    label: "ops.checkQuality",
    fold: (draft, { task, lines }) => {
      for (const no of lines) draft.patch("pack_line", `${task}/${no}`, { looked: true });
    },
  },
  report_flaw: {
    label: "ops.reportFlaw",
    fold: (draft, { task, line, flawed }) => {
      const row = draft.get("pack_line", `${task}/${line}`);
      if (!row || flawed <= row.flawed) return;
      const out = Math.min(flawed, row.qty);
      const sealed = new Set(
        draft.get("pack_job", task)?.cartons.flatMap(c => (c.sealed ? [c.parcel] : [])),
      );
      const excess = Math.max(0, row.packed + out - row.qty);
      const inside = takeOut(row, excess, parcel => !sealed.has(parcel));
      putLine(draft, { ...row, flawed: out, looked: row.looked || out === row.qty }, inside);
    },
  },
  seal_carton: {
    label: "ops.sealCarton",
    fold: (draft, { task, parcel, weight_g = 0 }) =>
      sayOf(draft, task, parcel, { sealed: true, weight_g }),
  },
  close_pack: {
    label: "ops.closePack",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
  build_pallet: {
    label: "ops.buildPallet",
    fold: (draft, { pallet, parcels, built = false }) => {
      if (built) draft.drop("pallet", pallet);
      else draft.patch("pallet", pallet, { parcels });
    },
  },
  print_label: { label: "ops.printLabel" },
  tell_printed: { label: "ops.tellPrinted" },
} satisfies OpsOf<"packing">;
