/** The row of the list that has the focus: its checkbox, or anything else in it. */

const CHECKBOX = "input[data-task]";

/** The task whose row has the focus. */
export function focusedTask(): string | undefined {
  return boxOf(document.activeElement)?.dataset.task;
}

/** Moves the focus to a row further down, or up; the task that has it then. */
export function moveFocus(by: number): string | undefined {
  const boxes = [...document.querySelectorAll<HTMLInputElement>(CHECKBOX)];
  const mine = boxOf(document.activeElement);
  const at = mine ? boxes.indexOf(mine) : -1;
  const to = boxes[Math.min(boxes.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  to?.focus();
  return to?.dataset.task;
}

function boxOf(element: Element | null): HTMLInputElement | undefined {
  return element?.closest("tr")?.querySelector<HTMLInputElement>(CHECKBOX) ?? undefined;
}
