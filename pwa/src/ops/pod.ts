import type { OpArgs, RowTypes } from "../kernel/contract";
import type { Draft, OpsOf } from "./index";

/** The first proof closes a stop; a later one counts only if it corrects the one that does. */
function close(draft: Draft, { record, hash }: Pick<OpArgs["pod.deliver"], "record" | "hash">) {
  const row = draft.get("stop", record.stop);
  const corrects = record.v === 2 ? record.corrects : null;
  if (!row || row.proof === hash) return;
  if (row.state === "closed" && (corrects === null || corrects !== row.proof)) return;
  const stayed = row.left_behind || (row.parcels.length > 0 && row.parcels.every(p => !p.loaded));
  const back = stayed ? [] : notTaken(record.lines, row.back);
  const { outcome, reason, at } = record;
  const closed_at = row.closed_at ?? at;
  draft.put("stop", row.id, {
    ...row,
    state: "closed",
    outcome,
    reason,
    proof: hash,
    back,
    closed_at,
  });
}

type Back = {
  readonly no: number;
  readonly sku: string;
  readonly qty: number;
  readonly back: number;
};

function notTaken(
  lines: readonly { no: number; sku: string; qty: number; delivered: number }[],
  known: readonly Back[],
): Back[] {
  return lines
    .filter(line => line.delivered < line.qty)
    .map(({ no, sku, qty, delivered }) => {
      const back = known.find(line => line.no === no)?.back ?? 0;
      return { no, sku, qty: qty - delivered, back };
    });
}

type Stop = RowTypes["stop"];
type Parcel = Stop["parcels"][number];

function withParcel(stop: Stop, number: string, fields: Partial<Parcel>): Stop {
  const parcels = stop.parcels.map(p => (p.number === number ? { ...p, ...fields } : p));
  return { ...stop, parcels };
}

export const pod = {
  plan_run: { label: "ops.planRun" },
  plan_runs: { label: "ops.planRuns" },
  replan_runs: { label: "ops.replanRuns" },
  put_run_plan: { label: "ops.putRunPlan" },
  refresh_run_plan: { label: "ops.refreshRunPlan" },
  drop_run_plan: { label: "ops.dropRunPlan" },
  accept_run_plan: { label: "ops.acceptRunPlan" },
  undo_run_plan: { label: "ops.undoRunPlan" },
  move_stop: { label: "ops.moveStop" },
  reckon_arrivals: { label: "ops.reckonArrivals" },
  load_parcel: {
    label: "ops.loadParcel",
    fold: (draft, { run, stop, parcel }) => {
      const row = draft.get("stop", stop);
      if (!row) return;
      draft.put("stop", stop, withParcel(row, parcel, { loaded: true, short: "" }));
      if (draft.get("run", run)?.state === "planned") draft.patch("run", run, { state: "loading" });
    },
  },
  load_pallet: {
    label: "ops.loadPallet",
    fold: (draft, { run, parcels }) => {
      for (const { stop, parcel } of parcels) {
        const row = draft.get("stop", stop);
        if (row) draft.put("stop", stop, withParcel(row, parcel, { loaded: true, short: "" }));
      }
      if (draft.get("run", run)?.state === "planned") draft.patch("run", run, { state: "loading" });
    },
  },
  unload_parcel: {
    label: "ops.unloadParcel",
    fold: (draft, { stop, parcel }) => {
      const row = draft.get("stop", stop);
      if (row) draft.put("stop", stop, withParcel(row, parcel, { loaded: false, short: "" }));
    },
  },
  report_load: {
    label: "ops.reportLoad",
    // Where a parcel that goes along besides is going, only the server knows.
    fold: (draft, { stop, parcel, what }) => {
      const row = stop ? draft.get("stop", stop) : undefined;
      if (row && what !== "extra")
        draft.put("stop", row.id, withParcel(row, parcel, { loaded: false, short: what }));
    },
  },
  ready_papers: { label: "ops.readyPapers" },
  issue_paper: { label: "ops.issuePaper" },
  attach_paper: { label: "ops.attachPaper" },
  waive_paper: { label: "ops.waivePaper" },
  withdraw_paper: { label: "ops.withdrawPaper" },
  choose_carrier: { label: "ops.chooseCarrier" },
  book_pickup: { label: "ops.bookPickup" },
  carrier_event: { label: "ops.carrierEvent" },
  depart: {
    label: "ops.depart",
    fold: (draft, { run, vehicle }) =>
      draft.patch("run", run, { state: "departed", ...(vehicle ? { vehicle } : {}) }),
  },
  arrive: {
    label: "ops.arrive",
    fold: (draft, { stop }) => {
      if (draft.get("stop", stop)?.state === "planned")
        draft.patch("stop", stop, { state: "arrived" });
    },
  },
  deliver: {
    label: "ops.deliver",
    fold: close,
  },
  enter_proof: { label: "ops.enterProof", fold: close },
  put_pin: { label: "ops.putPin" },
  sign_for_stop: { label: "ops.signForStop" },
  return_parcel: {
    label: "ops.returnParcel",
    fold: (draft, { stop, lines }) => {
      const row = draft.get("stop", stop);
      if (!row) return;
      const told = new Map(lines.map(line => [line.no, line.back]));
      const back = row.back.map(line => ({ ...line, back: told.get(line.no) ?? line.back }));
      draft.put("stop", stop, { ...row, back });
    },
  },
  finish_returns: {
    label: "ops.finishReturns",
    fold: (draft, { run }) => draft.patch("run", run, { state: "closed" }),
  },
  report_silence: { label: "ops.reportSilence" },
  report_answer: { label: "ops.reportAnswer" },
} satisfies OpsOf<"pod">;
