/** The engine as screens use it. */

export { type PreparedBlob, prepareBlob } from "../outbox/blob";
export { NotSaved } from "../outbox/storage";
export { useCalmRows, useRow, useRows } from "../replica/hooks";
export {
  begin,
  dispatch,
  lastOp,
  listen,
  type Outcome,
  opNumbered,
  replica,
  session,
  start,
  submit,
} from "./engine";
export {
  doneUpTo,
  loading,
  needsReload,
  onRoadAt,
  phase,
  serverSeen,
  stopped,
  unsentBlobs,
} from "./status";
