import type { OpArgs, OpName } from "./contract";
import { uuid7 } from "./ids";
import type { WireOp } from "./wire";

/** Names this run of the app: `mono` counts from its start, and no setting of the clock moves it. */
export const BOOT = uuid7(Date.now());

/** An operation as made now, by the person of `sid`; the disk gives it its number. */
export function stamp<N extends OpName>(
  name: N,
  version: number,
  body: OpArgs[N],
  sid: string | null,
  refs: readonly string[],
): Omit<WireOp, "n"> {
  const at = Date.now();
  return {
    id: uuid7(at),
    sid,
    k: name,
    v: version,
    at,
    boot: BOOT,
    mono: Math.round(performance.now() * 10) / 10,
    body: { ...body },
    refs,
  };
}
