/** Labels to printers, and what came of them. */
export const printing = {
  choose: "Which bench is this?",
  chooseHint: "Labels come out of the printer there.",
  pick: "Choose",
  change: "Another bench",
  queued: "On its way to the printer at {name}",
  again: "Not printed at {name} yet. Try {n} comes by itself.",
  printed: "Printed at {name}",
  failed: "Not printed at {name}",
  onDevice: "Print on this device",
  offline: "No network: print on this device.",
  fault_no_answer:
    "The printer does not answer. Switch it on, look at its cable, then print again.",
  fault_turned_away: "The printer takes nothing now. Switch it off and on, then print again.",
  fault_unknown_host:
    "Nobody knows the printer's address. A supervisor mends the setting; until then print on this device.",
  fault_cut_off: "The printer broke off. If no label came out, print again.",
  fault_too_slow: "The printer stands still. Look at paper, ribbon and lid, then print again.",
  fault_cannot_draw:
    "This label cannot be printed: the order is cancelled, or its address is too long. Ask a supervisor.",
  fault_no_station: "This bench has no printer any more. Choose another bench.",
  faultOther: "Print it on this device, and tell a supervisor.",
  waybillOf: "Bar code of waybill {number}",
} as const;
