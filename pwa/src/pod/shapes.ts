/** A stop as the server shows it, and the evidence record as `pod.deliver` takes it. */
import type { OpArgs, RowTypes } from "../kernel/contract";

type AnyEvidence = OpArgs["pod.deliver"]["record"];
export type Evidence = Extract<AnyEvidence, { v: 2 }>;
export type Stop = RowTypes["stop"];
