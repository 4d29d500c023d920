/** What the device knows at once of a tote that is full. As `server/picking/full_totes.py`. */
import type { OpArgs } from "../kernel/contract";
import type { Draft } from "./index";
import { REST } from "./picking-rest";

type Filled = OpArgs["picking.fill_tote"];

export function fillTote(draft: Draft, filled: Filled): void {
  const { task, slot, to_slot, code, line, qty, lines = [] } = filled;
  const tote = draft.get("tote", `${task}/${slot}`);
  if (!tote || draft.get("tote", `${task}/${to_slot}`)) return;
  draft.put("tote", `${task}/${to_slot}`, { ...tote, slot: to_slot, code });
  if (qty > 0) partLine(draft, filled);
  for (const no of new Set([...lines, line, line + REST])) {
    const row = draft.get("line", `${task}/${no}`);
    if (row?.state === "open" && row.slot === slot)
      draft.put("line", `${task}/${no}`, { ...row, slot: to_slot });
  }
}

/** What went into the full tote is picked; the rest is a line of its own, with the same turn. */
function partLine(draft: Draft, { task, line, qty }: Filled): void {
  const row = draft.get("line", `${task}/${line}`);
  if (row?.state !== "open") return;
  const part = Math.min(qty, row.qty);
  draft.put("line", `${task}/${line}`, { ...row, qty: part, picked: part, state: "picked" });
  if (part === row.qty) return;
  const no = line + REST;
  draft.put("line", `${task}/${no}`, { ...row, no, qty: row.qty - part, seq: row.seq });
  const held = draft.get("task", task);
  if (held) draft.patch("task", task, { lines: held.lines + 1 });
}
