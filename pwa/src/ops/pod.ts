import type { OpsOf } from "./index";

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
      const parcels = row.parcels.map(p => (p.number === parcel ? { ...p, loaded: true } : p));
      draft.put("stop", stop, { ...row, parcels });
      if (draft.get("run", run)?.state === "planned") draft.patch("run", run, { state: "loading" });
    },
  },
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
