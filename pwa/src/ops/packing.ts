import type { OpsOf } from "./index";

export const packing = {
  check_item: {
    label: "ops.checkItem",
    fold: (draft, { task, line, packed }) => {
      const row = draft.get("pack_line", `${task}/${line}`);
      if (row && packed <= row.qty) draft.put("pack_line", `${task}/${line}`, { ...row, packed });
    },
  },
  report_mismatch: { label: "ops.reportMismatch" },
  close_pack: {
    label: "ops.closePack",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
} satisfies OpsOf<"packing">;
