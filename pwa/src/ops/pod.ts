import type { RowTypes } from "../kernel/contract";
import type { OpsOf } from "./index";

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
    fold: (draft, { record }) => {
      if (draft.get("stop", record.stop)?.state === "closed") return;
      const { outcome, reason } = record;
      draft.patch("stop", record.stop, { state: "closed", outcome, reason });
    },
  },
} satisfies OpsOf<"pod">;
