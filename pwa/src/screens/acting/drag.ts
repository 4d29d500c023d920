/** Dragging tasks onto a person, with a mouse, a finger or a pen. */
import { signal } from "@preact/signals";
import type { TaskRow } from "../../kernel/contract";

export interface Dragged {
  readonly tasks: readonly TaskRow[];
  readonly x: number;
  readonly y: number;
  /** The lane below the pointer. */
  readonly over: string | null;
}

export const dragged = signal<Dragged | null>(null);

/** A shorter way is a tap (CSS pixels). */
const TAP_PX = 6;

export type LaneAt = (x: number, y: number) => string | null;

/** The lane at a point of the window: the value of the nearest `data-lane`. */
export const laneAt: LaneAt = (x, y) => {
  const lane = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-lane]");
  return lane?.dataset.lane ?? null;
};

/** So near to its edge (CSS pixels) what is dragged moves the lanes on, by so much. */
const EDGE_PX = 32;
const STEP_PX = 16;

function scrollLanes(x: number, y: number): void {
  const lanes = document.elementFromPoint(x, y)?.closest(".lanes");
  if (!lanes) return;
  const { top, bottom } = lanes.getBoundingClientRect();
  if (y > bottom - EDGE_PX) lanes.scrollTop += STEP_PX;
  if (y < top + EDGE_PX) lanes.scrollTop -= STEP_PX;
}

/** On show from the first real move until it is dropped, or given up with Escape. */
export function beginDrag(
  press: PointerEvent,
  tasks: readonly TaskRow[],
  onDrop: (lane: string) => void,
  at: LaneAt = laneAt,
): void {
  if (press.button !== 0 || tasks.length === 0) return;
  const { pointerId, clientX, clientY } = press;
  const quit = new AbortController();
  const end = () => {
    quit.abort();
    dragged.value = null;
  };
  const follow = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return;
    const { clientX: x, clientY: y } = event;
    if (!dragged.value && Math.hypot(x - clientX, y - clientY) < TAP_PX) return;
    event.preventDefault();
    scrollLanes(x, y);
    dragged.value = { tasks, x, y, over: at(x, y) };
  };
  const drop = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return;
    const lane = dragged.value && at(event.clientX, event.clientY);
    end();
    if (lane !== null) onDrop(lane);
  };
  const { signal } = quit;
  addEventListener("pointermove", follow, { signal, passive: false });
  addEventListener("pointerup", drop, { signal });
  addEventListener("pointercancel", end, { signal });
  addEventListener("keydown", event => event.key === "Escape" && end(), { signal });
}
