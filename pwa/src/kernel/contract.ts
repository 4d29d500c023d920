/** The server's operations and rows, as the engine names them: the one door to the generated types. */
export type { OpArgs, OpName } from "../gen/ops";
export type * from "../gen/rows";
