/** Paths of the screens for work on stock, and where their back button leads. */
import { role } from "../../shell";

export function movePath(task: string): string {
  return `/stock/move/${encodeURIComponent(task)}`;
}

export function countPath(task: string): string {
  return `/stock/count/${encodeURIComponent(task)}`;
}

/** The list of tasks for pickers, the stock for supervisors. */
export function home(): string {
  return role.value === "picker" ? "/picker" : "/stock";
}

/** `PUTBACK` is no bin: what lies there is in somebody's hand or on the trolley. */
export function isShelf(bin: string): boolean {
  return bin !== "PUTBACK";
}
